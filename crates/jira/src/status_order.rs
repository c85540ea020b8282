//! The order of statuses, from left to right as boards show them.

use crate::client::Client;
use crate::error::{Error, Result};
use crate::metadata::BoardSetup;

/// Most projects whose boards are asked for, and most boards of each: each takes a request.
const PROJECTS_MAX: usize = 3;
const BOARDS_MAX: usize = 3;

impl Client {
    /// See [`Remote::status_order`](model::remote::Remote::status_order). The board with the most
    /// statuses leads; what only others show stands behind what it follows there.
    pub fn status_order(&self, projects: &[&str]) -> Result<Vec<String>> {
        let mut boards = Vec::new();
        for project in projects.iter().take(PROJECTS_MAX) {
            match self.setups(project) {
                // Without boards the histories of issues show the order.
                Err(Error::NotFound { .. }) => {}
                Err(error) if error.is_of_one_call() => self.note_refused(&error),
                setups => boards.extend(setups?),
            }
        }
        Ok(joined(&boards))
    }

    fn setups(&self, project: &str) -> Result<Vec<BoardSetup>> {
        let mut setups = Vec::new();
        for board in self.boards(project)?.iter().take(BOARDS_MAX) {
            match self.board_setup(&board.id) {
                // A board that this login may not see.
                Err(error) if error.is_of_one_call() => {}
                setup => setups.push(setup?),
            }
        }
        Ok(setups)
    }
}

fn joined(boards: &[BoardSetup]) -> Vec<String> {
    let statuses = |board: &BoardSetup| -> Vec<String> {
        board.columns.iter().flat_map(|(_, statuses)| statuses).cloned().collect()
    };
    let mut shown: Vec<Vec<String>> = boards.iter().map(statuses).collect();
    shown.sort_by_key(|board| std::cmp::Reverse(board.len()));
    let mut order: Vec<String> = Vec::new();
    for board in shown {
        let is_known = board.iter().any(|status| order.contains(status));
        let mut next = if is_known { 0 } else { order.len() };
        for status in board {
            match order.iter().position(|known| *known == status) {
                Some(place) => next = place + 1,
                None => {
                    order.insert(next, status);
                    next += 1;
                }
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(boards: &[&[&str]], want: &str) {
        let setup = |columns: &&[&str]| BoardSetup {
            estimation_field: None,
            columns: columns
                .iter()
                .map(|ids| ("C".to_owned(), ids.split_whitespace().map(str::to_owned).collect()))
                .collect(),
        };
        let setups: Vec<BoardSetup> = boards.iter().map(setup).collect();
        assert_eq!(joined(&setups).join(" "), want, "{boards:?}");
    }

    #[test]
    fn columns_are_read_from_left_to_right() {
        check(&[], "");
        check(&[&["1", "3 4", "", "2"]], "1 3 4 2");
        // The larger one leads, wherever it stands.
        check(&[&["1", "2"], &["2", "5", "1"]], "2 5 1");
        check(&[&["1", "3", "2"], &["1", "7", "2"], &["8"]], "1 7 3 2 8");
        check(&[&["1", "3", "1"]], "1 3");
    }
}
