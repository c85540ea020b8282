//! Who gets in while something is tested: whoever has a key, as those who use the program.

use tidy::{files_under, read};

use crate::assert_none;

/// The test of the option itself.
const TEST_OF_IT: &str = "crates/burndown/tests/it/access_key.rs";

#[test]
fn servers_of_tests_ask_for_keys() {
    let tests = files_under("crates").unwrap().into_iter();
    let tests =
        tests.filter(|path| path.starts_with("crates/burndown/tests/") && path != TEST_OF_IT);
    let open: Vec<String> =
        tests.filter(|path| read(path).is_ok_and(|text| text.contains("\"--no-login\""))).collect();
    assert_none("tests go through keys; `--no-login` stands in one of them only", &open);
}
