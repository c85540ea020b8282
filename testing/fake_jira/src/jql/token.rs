//! JQL text cut into words, strings and signs.

use super::Refusal;

/// A piece of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub kind: Kind,
    /// Where it begins: line and character, both from 1.
    pub at: (usize, usize),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A bare word; may be a keyword.
    Word(String),
    /// What stood in quotes; never a keyword.
    Quoted(String),
    /// `=`, `!=`, `<`, `>`, `<=`, `>=`, `~`, `!~`.
    Sign(&'static str),
    Open,
    Close,
    Comma,
}

impl Kind {
    /// As a message shows it.
    pub fn text(&self) -> &str {
        match self {
            Kind::Word(text) | Kind::Quoted(text) => text,
            Kind::Sign(sign) => sign,
            Kind::Open => "(",
            Kind::Close => ")",
            Kind::Comma => ",",
        }
    }
}

/// Cuts a query.
pub(crate) fn tokens(jql: &str) -> Result<Vec<Token>, Refusal> {
    let mut scan = Scan { rest: jql.chars().collect(), line: 1, column: 1 };
    scan.rest.reverse();
    let mut found = Vec::new();
    while let Some(token) = scan.next()? {
        found.push(token);
    }
    Ok(found)
}

/// The characters still to come, the next one last.
struct Scan {
    rest: Vec<char>,
    line: usize,
    column: usize,
}

impl Scan {
    fn peek(&self) -> Option<char> {
        self.rest.last().copied()
    }

    fn take(&mut self) -> Option<char> {
        let taken = self.rest.pop()?;
        if taken == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(taken)
    }

    fn next(&mut self) -> Result<Option<Token>, Refusal> {
        while self.peek().is_some_and(char::is_whitespace) {
            self.take();
        }
        let at = (self.line, self.column);
        let Some(first) = self.peek() else { return Ok(None) };
        let kind = match first {
            '(' => self.single(Kind::Open),
            ')' => self.single(Kind::Close),
            ',' => self.single(Kind::Comma),
            '"' | '\'' => self.quoted(at)?,
            '=' | '!' | '<' | '>' | '~' | '&' | '|' => self.sign(at)?,
            it if is_word(it) => self.word(),
            reserved => return Err(reserved_character(reserved, at)),
        };
        Ok(Some(Token { kind, at }))
    }

    fn single(&mut self, kind: Kind) -> Kind {
        self.take();
        kind
    }

    fn word(&mut self) -> Kind {
        let mut word = String::new();
        while self.peek().is_some_and(is_word) {
            word.extend(self.take());
        }
        Kind::Word(word)
    }

    fn quoted(&mut self, at: (usize, usize)) -> Result<Kind, Refusal> {
        let quote = self.take();
        let mut text = String::new();
        while let Some(it) = self.take() {
            match it {
                '\\' => text.extend(self.take()),
                it if Some(it) == quote => return Ok(Kind::Quoted(text)),
                it => text.push(it),
            }
        }
        Err(format!(
            "Error in the JQL Query: The quoted string '{text}' has not been completed. {}",
            place(at)
        ))
    }

    fn sign(&mut self, at: (usize, usize)) -> Result<Kind, Refusal> {
        let first = self.take().unwrap_or_default();
        let second = self.peek().unwrap_or_default();
        let (sign, is_double) = match (first, second) {
            ('=', _) => ("=", false),
            ('!', '=') => ("!=", true),
            ('!', '~') => ("!~", true),
            ('<', '=') => ("<=", true),
            ('>', '=') => (">=", true),
            ('<', _) => ("<", false),
            ('>', _) => (">", false),
            ('~', _) => ("~", false),
            ('&', '&') => return Ok(self.doubled("AND")),
            ('|', '|') => return Ok(self.doubled("OR")),
            ('!', _) => return Ok(Kind::Word("NOT".to_owned())),
            _ => return Err(reserved_character(first, at)),
        };
        if is_double {
            self.take();
        }
        Ok(Kind::Sign(sign))
    }

    fn doubled(&mut self, word: &str) -> Kind {
        self.take();
        Kind::Word(word.to_owned())
    }
}

fn is_word(it: char) -> bool {
    it.is_alphanumeric() || "-_./:[]+".contains(it)
}

fn reserved_character(it: char, at: (usize, usize)) -> Refusal {
    let code = u32::from(it);
    format!(
        "Error in the JQL Query: The character '{it}' is a reserved JQL character. You must \
         enclose it in a string or use the escape '\\u{code:04x}' instead. {}",
        place(at)
    )
}

/// How Jira points at a place.
pub(crate) fn place((line, column): (usize, usize)) -> String {
    format!("(line {line}, character {column})")
}
