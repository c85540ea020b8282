//! Schema steps that were handed out are never edited: users' databases already took them.

use model::hash::{FNV_BASIS, fnv1a};
use tidy::{files_under, read};

use crate::assert_none;

/// Every step with the hash of its text. A new step adds a line; an old line never changes.
const FROZEN: [(&str, u64); 4] = [
    ("crates/store/migrations/sqlite/0001_nouns.sql", 0x69a9_a89e_ae10_6b68),
    ("crates/store/migrations/sqlite/0002_sync.sql", 0x2ee4_a98b_0f96_7688),
    ("crates/store/migrations/sqlite/0003_facts.sql", 0x9ae3_d7d5_15c4_da6d),
    ("crates/store/migrations/sqlite/0004_deliveries.sql", 0x0308_e318_797b_e908),
];

#[test]
fn schema_steps_are_frozen() {
    let mut wrong = Vec::new();
    let steps = files_under("crates/store/migrations").unwrap();
    for path in &steps {
        let text = read(path).unwrap().replace("\r\n", "\n");
        let found = fnv1a(FNV_BASIS, text.as_bytes());
        let known = FROZEN.iter().find(|(name, _)| name == path).map(|(_, hash)| *hash);
        if known != Some(found) {
            wrong.push(format!("{path} is {found:#x}, frozen as {known:x?}"));
        }
    }
    let gone = FROZEN.iter().filter(|(name, _)| !steps.iter().any(|path| path == name));
    wrong.extend(gone.map(|(name, _)| format!("{name} is gone")));
    assert_none("a change of the schema is a new step", &wrong);
}
