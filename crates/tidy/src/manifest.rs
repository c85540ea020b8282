//! The `Cargo.toml` of each crate: which crates it asks for.

use std::io;

use crate::tree::{crate_files, read};

/// Why a crate asks for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The program needs it.
    Normal,
    /// Only tests and benches need it.
    Dev,
    /// Only a build script needs it.
    Build,
}

/// What a crate asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// The name of the crate, which is the name of its folder.
    pub name: String,
    /// Its path relative to the root.
    pub path: String,
    /// The crates it asks for.
    pub dependencies: Vec<(Section, String)>,
}

/// The manifests of all crates in the workspace.
pub fn manifests() -> io::Result<Vec<Manifest>> {
    let mut found = Vec::new();
    for path in crate_files()? {
        if let [_, name, "Cargo.toml"] = path.split('/').collect::<Vec<_>>()[..] {
            found.push(Manifest::parse(name, &path, &read(&path)?));
        }
    }
    Ok(found)
}

impl Manifest {
    /// Reads the dependency sections; platform-specific ones count like the others.
    fn parse(name: &str, path: &str, text: &str) -> Manifest {
        let mut dependencies = Vec::new();
        let mut section = None;
        for line in text.lines().map(str::trim) {
            if let Some(header) = line.strip_prefix('[') {
                section = section_of(header.trim_end_matches(']'));
                continue;
            }
            let key = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if let Some(section) = section
                && !key.is_empty()
                && !key.starts_with('#')
            {
                dependencies.push((section, key.to_owned()));
            }
        }
        Manifest { name: name.to_owned(), path: path.to_owned(), dependencies }
    }
}

fn section_of(header: &str) -> Option<Section> {
    let last = header.rsplit('.').next()?;
    match last {
        "dependencies" => Some(Section::Normal),
        "dev-dependencies" => Some(Section::Dev),
        "build-dependencies" => Some(Section::Build),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_told_apart() {
        let text = "[package]\nname = \"x\"\n[dependencies]\nserde.workspace = true\n# why\n\
                    [target.'cfg(unix)'.dependencies]\nlibc = \"1\"\n[dev-dependencies]\ninsta = { version = \"1\" }\n\
                    [features]\na = []\n";
        let want = [(Section::Normal, "serde"), (Section::Normal, "libc"), (Section::Dev, "insta")];
        let want = want.map(|(section, name)| (section, name.to_owned()));
        assert_eq!(Manifest::parse("x", "crates/x/Cargo.toml", text).dependencies, want);
    }
}
