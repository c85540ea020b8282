//! A Rust source file, cut into program text and tests.
//!
//! This relies on the form that `cargo fmt` gives every file: a function ends at the first `}` that
//! stands as far left as its `fn`, and inline tests are the last item of a file.

use std::io;

use crate::tree::{crate_files, read};

/// One `.rs` file.
#[derive(Debug, Clone)]
pub struct RustFile {
    /// Its path relative to the root.
    pub path: String,
    /// Its whole text.
    pub text: String,
}

/// A function with a body of more than one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// The line that it begins on, from 1.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// How many lines it has, signature and closing brace included.
    pub lines: usize,
}

/// Every `.rs` file of the crates.
pub fn rust_files() -> io::Result<Vec<RustFile>> {
    let paths = crate_files()?.into_iter().filter(|path| path.ends_with(".rs"));
    paths.map(|path| Ok(RustFile { text: read(&path)?, path })).collect()
}

impl RustFile {
    /// Whether all of it is tests or benches.
    pub fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "/tests.rs"].iter().any(|part| self.path.contains(part))
    }

    /// Its name without folders and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.strip_suffix(".rs").unwrap_or(name)
    }

    /// Its lines up to the inline tests.
    pub fn program_lines(&self) -> Vec<&str> {
        let lines: Vec<&str> = self.text.lines().collect();
        let tests = lines.windows(2).position(|pair| {
            matches!(pair, ["#[cfg(test)]", module] if module.starts_with("mod ") && module.ends_with('{'))
        });
        lines.into_iter().take(tests.unwrap_or(usize::MAX)).collect()
    }

    /// The functions of its program text.
    pub fn functions(&self) -> Vec<Function> {
        let lines = self.program_lines();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let Some(name) = function_name(line) else { continue };
            let indent = line.len() - line.trim_start().len();
            let end = format!("{}}}", " ".repeat(indent));
            let rest = lines.iter().skip(at);
            let Some(length) = rest.clone().position(|line| *line == end) else { continue };
            let one_line = line.ends_with('}') || line.ends_with(';');
            if !one_line {
                found.push(Function { line: at + 1, name: name.to_owned(), lines: length + 1 });
            }
        }
        found
    }
}

fn function_name(line: &str) -> Option<&str> {
    const BEFORE: [&str; 4] = ["pub", "pub(crate)", "const", "async"];
    let (before, after) = line.split_once("fn ")?;
    let is_item =
        before.split_whitespace().all(|word| BEFORE.contains(&word) || word.starts_with("pub("));
    let name = after.split(['(', '<']).next()?;
    (is_item && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> RustFile {
        RustFile { path: "crates/x/src/x.rs".to_owned(), text: text.to_owned() }
    }

    #[test]
    fn functions_end_at_their_own_brace() {
        let text = "impl A {\n    pub fn one(&self) -> B {\n        if x {\n        }\n    }\n}\n\
                    fn short() {}\npub(crate) async fn two<T>(\n    a: T,\n) {\n}\n";
        let found = file(text).functions();
        let want = [("one", 2, 4), ("two", 8, 4)];
        let got: Vec<_> = found.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn inline_tests_are_no_program_text() {
        let text = "fn a() {\n}\n\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\n";
        assert_eq!(file(text).program_lines(), ["fn a() {", "}", ""]);
        assert_eq!(file(text).functions().len(), 1);
        assert_eq!(file("#[cfg(test)]\nmod tests;\nfn a() {\n}\n").program_lines().len(), 4);
    }
}
