//! The rule of a delivery: which issues it is made of, as a type and as a text.
//!
//! ```text
//! fix version = "1.0" and (label = urgent or component = core)
//! ```

use std::fmt::{self, Write as _};
use std::str::FromStr;

use crate::membership::{Group, GroupField};
use crate::name::fold;

/// Longest rule in characters.
pub const RULE_CHARACTERS_MAX: usize = 2_000;
/// Deepest nesting of parentheses.
const DEPTH_MAX: usize = 16;

/// Which issues a delivery is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rule {
    /// All of its queries.
    #[default]
    All,
    /// Those that belong to a group of that name; of a parent its key, and what lies below.
    Is(GroupField, String),
    /// Those with that text in their summary, in any case.
    Text(String),
    /// Those of which all of these are true.
    And(Vec<Rule>),
    /// Those of which one of these is true.
    Or(Vec<Rule>),
}

/// Why a text is no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Something else should stand there.
    #[error("{expected} should stand where {found:?} stands")]
    Expected {
        /// What.
        expected: &'static str,
        /// What stands there; empty at the end.
        found: String,
    },
    /// It is too long.
    #[error("it must not be longer than {RULE_CHARACTERS_MAX} characters")]
    TooLong,
    /// Parentheses are nested too deeply.
    #[error("parentheses must not be nested deeper than {DEPTH_MAX}")]
    TooDeep,
}

/// Fields by what they are called; the first of each is the one that is written.
const FIELDS: [(&str, GroupField); 14] = [
    ("fix version", GroupField::FixVersion),
    ("fixversion", GroupField::FixVersion),
    ("version", GroupField::FixVersion),
    ("epic", GroupField::Parent),
    ("parent", GroupField::Parent),
    ("label", GroupField::Label),
    ("labels", GroupField::Label),
    ("component", GroupField::Component),
    ("components", GroupField::Component),
    ("sprint", GroupField::Sprint),
    ("type", GroupField::Type),
    ("issuetype", GroupField::Type),
    ("issue type", GroupField::Type),
    ("fixversions", GroupField::FixVersion),
];

impl GroupField {
    /// What rules call it.
    pub fn as_str(self) -> &'static str {
        FIELDS.iter().find(|(_, field)| *field == self).map_or("", |(name, _)| name)
    }
}

impl Rule {
    /// Whether it holds for an issue with these groups and that summary.
    pub fn holds(&self, groups: &[Group], summary: Option<&str>) -> bool {
        match self {
            Rule::All => true,
            Rule::Is(field, name) => {
                groups.iter().any(|group| group.field == *field && is_same_name(&group.name, name))
            }
            Rule::Text(text) => summary.is_some_and(|summary| fold(summary).contains(&fold(text))),
            Rule::And(rules) => rules.iter().all(|rule| rule.holds(groups, summary)),
            Rule::Or(rules) => rules.iter().any(|rule| rule.holds(groups, summary)),
        }
    }

    /// Whether it depends on any field whose value may have been another before.
    pub fn needs_history(&self) -> bool {
        match self {
            Rule::All => false,
            Rule::Is(..) | Rule::Text(_) => true,
            Rule::And(rules) | Rule::Or(rules) => rules.iter().any(Rule::needs_history),
        }
    }

    /// The fields that it names.
    pub fn fields(&self) -> Vec<GroupField> {
        let mut fields = match self {
            Rule::All | Rule::Text(_) => Vec::new(),
            Rule::Is(field, _) => vec![*field],
            Rule::And(rules) | Rule::Or(rules) => rules.iter().flat_map(Rule::fields).collect(),
        };
        fields.sort();
        fields.dedup();
        fields
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, is_inner: bool) -> fmt::Result {
        let (rules, word) = match self {
            Rule::All => return f.write_str("all"),
            Rule::Is(field, name) => {
                write!(f, "{} = ", field.as_str())?;
                return write_quoted(f, name);
            }
            Rule::Text(text) => {
                f.write_str("text ~ ")?;
                return write_quoted(f, text);
            }
            Rule::And(rules) => (rules, " and "),
            Rule::Or(rules) => (rules, " or "),
        };
        if is_inner {
            f.write_char('(')?;
        }
        for (place, rule) in rules.iter().enumerate() {
            if place > 0 {
                f.write_str(word)?;
            }
            rule.write(f, true)?;
        }
        if is_inner { f.write_char(')') } else { Ok(()) }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, false)
    }
}

/// Whether two names are the same as [`fold`] has it; most are plain, and those need no copies.
fn is_same_name(one: &str, other: &str) -> bool {
    if one.is_ascii() && other.is_ascii() {
        return one.trim().eq_ignore_ascii_case(other.trim());
    }
    fold(one) == fold(other)
}

fn write_quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Rule, RuleError> {
        if text.chars().count() > RULE_CHARACTERS_MAX {
            return Err(RuleError::TooLong);
        }
        let tokens = tokens(text)?;
        let mut parser = Parser { tokens: &tokens };
        let rule = parser.either(0)?;
        match parser.tokens.first() {
            None => Ok(rule),
            Some(_) => Err(parser.expected("and, or or the end")),
        }
    }
}

/// A part of a rule's text.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Mark(char),
}

fn tokens(text: &str) -> Result<Vec<Token>, RuleError> {
    let mut tokens = Vec::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            continue;
        }
        if matches!(character, '=' | '~' | '(' | ')') {
            tokens.push(Token::Mark(character));
        } else if character == '"' {
            let mut quoted = String::new();
            loop {
                match characters.next() {
                    Some('"') => break,
                    Some('\\') => quoted.extend(characters.next()),
                    Some(other) => quoted.push(other),
                    None => {
                        let expected = "a quote at the end of a value";
                        return Err(RuleError::Expected { expected, found: String::new() });
                    }
                }
            }
            tokens.push(Token::Quoted(quoted));
        } else {
            let mut word = String::from(character);
            let ends = |c: char| c.is_whitespace() || matches!(c, '=' | '~' | '(' | ')' | '"');
            while let Some(next) = characters.next_if(|c| !ends(*c)) {
                word.push(next);
            }
            tokens.push(Token::Word(word));
        }
    }
    Ok(tokens)
}

struct Parser<'t> {
    tokens: &'t [Token],
}

impl Parser<'_> {
    fn expected(&self, expected: &'static str) -> RuleError {
        let found = match self.tokens.first() {
            None => String::new(),
            Some(Token::Word(text) | Token::Quoted(text)) => text.clone(),
            Some(Token::Mark(mark)) => mark.to_string(),
        };
        RuleError::Expected { expected, found }
    }

    fn takes(&mut self, is_it: impl Fn(&Token) -> bool) -> bool {
        match self.tokens.split_first() {
            Some((first, rest)) if is_it(first) => {
                self.tokens = rest;
                true
            }
            _ => false,
        }
    }

    fn takes_word(&mut self, word: &str) -> bool {
        self.takes(|token| is_word(token, word))
    }

    fn takes_mark(&mut self, mark: char) -> bool {
        self.takes(|token| *token == Token::Mark(mark))
    }

    /// Conditions with `or` between, which binds less than `and`.
    fn either(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let mut rules = vec![self.both(depth)?];
        while self.takes_word("or") {
            rules.push(self.both(depth)?);
        }
        Ok(if rules.len() > 1 { Rule::Or(rules) } else { rules.remove(0) })
    }

    fn both(&mut self, depth: usize) -> Result<Rule, RuleError> {
        let mut rules = vec![self.condition(depth)?];
        while self.takes_word("and") {
            rules.push(self.condition(depth)?);
        }
        Ok(if rules.len() > 1 { Rule::And(rules) } else { rules.remove(0) })
    }

    fn condition(&mut self, depth: usize) -> Result<Rule, RuleError> {
        if self.takes_mark('(') {
            if depth >= DEPTH_MAX {
                return Err(RuleError::TooDeep);
            }
            let rule = self.either(depth + 1)?;
            return if self.takes_mark(')') { Ok(rule) } else { Err(self.expected("a )")) };
        }
        let field = self.words(|token| matches!(token, Token::Mark(_)));
        let is_end = !matches!(self.tokens.first(), Some(Token::Mark('=' | '~')));
        match field.to_lowercase().as_str() {
            "all" if is_end => Ok(Rule::All),
            "text" | "summary" if self.takes_mark('~') => self.value().map(Rule::Text),
            name => match FIELDS.iter().find(|(known, _)| *known == name) {
                Some((_, field)) if self.takes_mark('=') => {
                    self.value().map(|name| Rule::Is(*field, name))
                }
                Some(_) => Err(self.expected("=")),
                None => Err(RuleError::Expected {
                    expected: "all, or one of fix version, epic, label, component, sprint, type \
                               with = and a value, or text with ~ and a value,",
                    found: field,
                }),
            },
        }
    }

    /// A value in quotes, or all words up to `and`, `or` or a mark.
    fn value(&mut self) -> Result<String, RuleError> {
        if let Some((Token::Quoted(text), rest)) = self.tokens.split_first() {
            let text = text.clone();
            self.tokens = rest;
            return if text.is_empty() { Err(self.expected("a value")) } else { Ok(text) };
        }
        let ends = |token: &Token| {
            !matches!(token, Token::Word(_)) || is_word(token, "and") || is_word(token, "or")
        };
        let value = self.words(ends);
        if value.is_empty() { Err(self.expected("a value")) } else { Ok(value) }
    }

    fn words(&mut self, ends: impl Fn(&Token) -> bool) -> String {
        let mut words: Vec<&str> = Vec::new();
        while let Some((Token::Word(word), rest)) = self.tokens.split_first() {
            if self.tokens.first().is_some_and(&ends) {
                break;
            }
            words.push(word);
            self.tokens = rest;
        }
        words.join(" ")
    }
}

fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(found) if found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, want: &str) {
        let rule: Result<Rule, RuleError> = text.parse();
        match rule {
            Ok(rule) => {
                assert_eq!(rule.to_string(), want, "{text}");
                assert_eq!(rule.to_string().parse(), Ok(rule));
            }
            Err(error) => assert_eq!(error.to_string(), want, "{text}"),
        }
    }

    #[test]
    fn a_rule_is_read_and_written() {
        check("all", "all");
        check("FixVersion = 1.0", r#"fix version = "1.0""#);
        check("fix version = Release 6.0.0", r#"fix version = "Release 6.0.0""#);
        check(r#"label="a \"b\" \\""#, r#"label = "a \"b\" \\""#);
        check("text ~ log in", r#"text ~ "log in""#);
        check(
            "version = 1.0 and (label = a or component = b) or epic = AB-1",
            r#"(fix version = "1.0" and (label = "a" or component = "b")) or epic = "AB-1""#,
        );
        check(r#"sprint = "and""#, r#"sprint = "and""#);
    }

    #[test]
    fn what_is_no_rule_is_named() {
        let fields = "all, or one of fix version, epic, label, component, sprint, type with = and \
                      a value, or text with ~ and a value, should stand where ";
        check("", &format!("{fields}\"\" stands"));
        check("colour = red", &format!("{fields}\"colour\" stands"));
        check("label", r#"= should stand where "" stands"#);
        check("label ~ a", r#"= should stand where "~" stands"#);
        check("label = ", r#"a value should stand where "" stands"#);
        check("label = a b = c", r#"and, or or the end should stand where "=" stands"#);
        check("(label = a", r#"a ) should stand where "" stands"#);
        check("label = a)", r#"and, or or the end should stand where ")" stands"#);
        check("label = \"a", r#"a quote at the end of a value should stand where "" stands"#);
        check(
            &format!("{}label = a", "(".repeat(17)),
            "parentheses must not be nested deeper than 16",
        );
        check(&"x".repeat(2_001), "it must not be longer than 2000 characters");
    }

    #[test]
    fn a_rule_holds_or_not() {
        let groups =
            [Group::named(GroupField::FixVersion, "1.0"), Group::named(GroupField::Label, "Größe")];
        for (rule, want) in [
            ("all", true),
            ("version = 1.0", true),
            ("version = 1", false),
            ("label = GRÖSSE", true),
            ("component = 1.0", false),
            ("text ~ LOGIN", true),
            ("version = 1.0 and label = x", false),
            ("version = 2.0 or label = größe", true),
        ] {
            let rule: Rule = rule.parse().unwrap();
            assert_eq!(rule.holds(&groups, Some("The login page")), want, "{rule}");
        }
    }
}
