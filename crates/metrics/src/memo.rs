//! Answers about names, found once per name: a query has few statuses, types and projects.

/// Names remembered; about any more the answer is found each time anew.
const NAMES_MAX: usize = 64;

/// What was answered about each name. So few are told apart by comparing them faster than by hashing.
#[derive(Debug, Clone)]
pub(crate) struct Memo<'h, T> {
    known: Vec<(&'h str, T)>,
}

impl<T> Default for Memo<'_, T> {
    fn default() -> Self {
        Memo { known: Vec::new() }
    }
}

impl<'h, T: Copy> Memo<'h, T> {
    /// The answer about `name`: the one given before, else what `find` says.
    pub fn answer(&mut self, name: &'h str, find: impl FnOnce() -> T) -> T {
        if let Some((_, answer)) = self.known.iter().find(|(known, _)| *known == name) {
            return *answer;
        }
        let answer = find();
        if self.known.len() < NAMES_MAX {
            self.known.push((name, answer));
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_once_as_long_as_they_are_few() {
        let names: Vec<String> = (0..2 * NAMES_MAX).map(|number| number.to_string()).collect();
        let mut memo = Memo::default();
        let mut found = 0;
        for _ in 0..2 {
            for name in &names {
                let answer = memo.answer(name, || {
                    found += 1;
                    name.len()
                });
                assert_eq!(answer, name.len());
            }
        }
        assert_eq!(found, 3 * NAMES_MAX);
    }
}
