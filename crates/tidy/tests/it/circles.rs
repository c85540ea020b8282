//! Inside a crate of the program folders do not need each other in a circle: what is in one can be read, changed
//! and moved without what uses it.

use std::collections::{BTreeMap, BTreeSet};

use tidy::{RustFile, rust_files};

use crate::assert_none;

/// A module by its names from the root of its crate on; empty for the root.
type Module = Vec<String>;

/// Which units of a folder use which. A unit is a file or a folder in it.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The modules of one crate, with their files.
struct Crate<'f> {
    modules: BTreeMap<Module, &'f RustFile>,
}

#[test]
fn no_circle_goes_through_a_folder() {
    let files = rust_files().unwrap();
    let mut crates: BTreeMap<String, Crate<'_>> = BTreeMap::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        let Some((root, path)) = file.path.split_once("/src/") else { continue };
        if !root.starts_with("crates/") {
            continue;
        }
        let found = crates.entry(root.to_owned()).or_insert(Crate { modules: BTreeMap::new() });
        found.modules.insert(module_of(path), file);
    }
    let circles = crates.iter().flat_map(|(root, found)| {
        found.circles().into_iter().map(move |circle| format!("{root}/src: {circle}"))
    });
    assert_none("folders do not use each other in a circle", &circles.collect::<Vec<_>>());
}

/// `figures/weeks.rs` is `figures::weeks`, `figures/mod.rs` is `figures`, `lib.rs` is the root.
fn module_of(path: &str) -> Module {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    let mut names: Module = stem.split('/').map(str::to_owned).collect();
    if names.last().is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str())) {
        names.pop();
    }
    names
}

impl Crate<'_> {
    fn circles(&self) -> Vec<String> {
        let mut by_folder: BTreeMap<Module, Uses> = BTreeMap::new();
        for (from, file) in &self.modules {
            for to in self.used_by(from, file) {
                let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                // A module and those in it are one thing.
                let (Some(user), Some(used)) = (from.get(shared), to.get(shared)) else { continue };
                let folder = by_folder.entry(from.iter().take(shared).cloned().collect());
                folder.or_default().entry(user.clone()).or_default().insert(used.clone());
            }
        }
        let circles = by_folder.iter().flat_map(|(folder, uses)| {
            circles_of(uses).into_iter().filter_map(|circle| {
                let is_folder = |unit: &&String| self.is_folder(folder, unit);
                circle.iter().find(is_folder)?;
                let units: Vec<&str> = circle.iter().map(String::as_str).collect();
                Some(format!("{}/{{{}}}", folder.join("/"), units.join(", ")))
            })
        });
        circles.collect()
    }

    fn is_folder(&self, folder: &Module, unit: &str) -> bool {
        let path = [folder.as_slice(), &[unit.to_owned()]].concat();
        self.modules.keys().any(|module| module.len() > path.len() && module.starts_with(&path))
    }

    /// The modules that a file names.
    fn used_by(&self, from: &Module, file: &RustFile) -> BTreeSet<Module> {
        let text = file.program_lines().join("\n");
        let mut used = BTreeSet::new();
        for start in ["crate::", "super::"] {
            for (at, _) in text.match_indices(start) {
                let before = text.get(..at).unwrap_or_default();
                let is_part = before.ends_with(|c: char| c.is_alphanumeric() || "_:$".contains(c));
                if is_part {
                    continue;
                }
                let mut base = from.clone();
                if start == "super::" {
                    base.pop();
                } else {
                    base.clear();
                }
                let rest = text.get(at + start.len()..).unwrap_or_default();
                self.add(base, rest, &mut used);
            }
        }
        used
    }

    /// Adds what a path names, which may be a group.
    fn add(&self, mut base: Module, path: &str, used: &mut BTreeSet<Module>) {
        let mut rest = path.trim_start();
        while let Some(up) = rest.strip_prefix("super::") {
            base.pop();
            rest = up;
        }
        if let Some(group) = rest.strip_prefix('{') {
            parts(group).into_iter().for_each(|part| self.add(base.clone(), part, used));
            return;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let mut deeper = base.clone();
        deeper.push(name.to_owned());
        if !self.modules.contains_key(&deeper) {
            used.insert(base);
        } else if let Some(rest) = rest.strip_prefix("::") {
            self.add(deeper, rest, used);
        } else {
            used.insert(deeper);
        }
    }
}

/// The parts of a group up to its closing brace.
fn parts(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                let part = group.get(start..at).unwrap_or_default().trim();
                parts.extend((!part.is_empty()).then_some(part));
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    parts
}

/// Units that reach each other, each circle once.
fn circles_of(uses: &Uses) -> BTreeSet<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<String>> =
        uses.keys().map(|unit| (unit, reach(uses, unit))).collect();
    let circle = |unit: &&String| {
        let mine = reached.get(unit)?;
        let both = mine.iter().filter(|other| {
            reached.get(other).is_some_and(|reached| reached.contains(unit.as_str()))
        });
        let circle: Vec<String> = both.cloned().collect();
        (circle.len() > 1).then_some(circle)
    };
    reached.keys().filter_map(circle).collect()
}

/// All that a unit uses, also by way of others; itself if that leads back.
fn reach(uses: &Uses, unit: &str) -> BTreeSet<String> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![unit]);
    while let Some(unit) = open.pop() {
        for used in uses.get(unit).into_iter().flatten() {
            if reached.insert(used.clone()) {
                open.push(used);
            }
        }
    }
    reached
}

#[test]
fn a_circle_is_seen() {
    let file = |text: &str| RustFile { path: String::new(), text: text.to_owned() };
    let files = [
        file("use crate::{Error, b::{self, Deep, c::{X}}};\n"),
        file("use super::a::Y;\n"),
        file("fn f() { crate::d::g() }\n"),
        file("use crate::b::c;\n"),
    ];
    let [a, b, c, d] = &files;
    let names = [("a", a), ("b", b), ("b/c", c), ("d", d)];
    let modules = names.map(|(path, file)| (module_of(path), file)).into();
    assert_eq!(Crate { modules }.circles(), ["/{a, b, d}"]);
}
