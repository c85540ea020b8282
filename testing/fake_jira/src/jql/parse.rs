//! Pieces of a query put together: conditions, AND, OR, NOT, parentheses, ORDER BY.

use super::Refusal;
use super::token::{Kind, Token, place, tokens};

/// Deeper nests of parentheses are refused.
const DEPTH_MAX: usize = 100;

const OPERATORS: &str =
    "'=', '!=', '<', '>', '<=', '>=', '~', '!~', 'IN', 'NOT IN', 'IS' and 'IS NOT'";

/// A whole query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// What has to hold; `None` finds everything.
    pub clause: Option<Clause>,
    /// Fields to sort by, `true` for downwards.
    pub order: Vec<(String, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Clause {
    And(Vec<Clause>),
    Or(Vec<Clause>),
    Not(Box<Clause>),
    Test(Test),
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Test {
    /// As it was written.
    pub field: String,
    pub operator: Operator,
    /// `EMPTY` is [`Operator::Empty`], so these are all values.
    pub values: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    In,
    NotIn,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    NotLike,
    Empty,
    NotEmpty,
}

/// Reads a query.
pub(crate) fn parse(jql: &str) -> Result<Query, Refusal> {
    let mut rest = tokens(jql)?;
    rest.reverse();
    let mut parser = Parser { rest, depth: 0 };
    let clause = match parser.peek_word() {
        None if parser.rest.is_empty() => None,
        Some(word) if word == "ORDER" => None,
        _ => Some(parser.any_of()?),
    };
    let order = parser.order()?;
    match parser.rest.last() {
        None => Ok(Query { clause, order }),
        Some(token) => Err(unexpected("Expecting either 'OR' or 'AND'", token)),
    }
}

/// The tokens still to come, the next one last.
struct Parser {
    rest: Vec<Token>,
    depth: usize,
}

impl Parser {
    /// The next token in capitals if it is a bare word.
    fn peek_word(&self) -> Option<String> {
        match self.rest.last() {
            Some(Token { kind: Kind::Word(word), .. }) => Some(word.to_uppercase()),
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is_next = self.peek_word().is_some_and(|next| next == word);
        if is_next {
            self.rest.pop();
        }
        is_next
    }

    fn take_kind(&mut self, kind: &Kind) -> bool {
        let is_next = self.rest.last().is_some_and(|token| token.kind == *kind);
        if is_next {
            self.rest.pop();
        }
        is_next
    }

    fn any_of(&mut self) -> Result<Clause, Refusal> {
        let mut clauses = vec![self.all_of()?];
        while self.take_word("OR") {
            clauses.push(self.all_of()?);
        }
        Ok(single_or(clauses, Clause::Or))
    }

    fn all_of(&mut self) -> Result<Clause, Refusal> {
        let mut clauses = vec![self.one()?];
        while self.take_word("AND") {
            clauses.push(self.one()?);
        }
        Ok(single_or(clauses, Clause::And))
    }

    fn one(&mut self) -> Result<Clause, Refusal> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("Error in the JQL Query: The query is nested too deeply.".to_owned());
        }
        let clause = if self.take_word("NOT") {
            Clause::Not(Box::new(self.one()?))
        } else if self.take_kind(&Kind::Open) {
            let inside = self.any_of()?;
            self.expect_close()?;
            inside
        } else {
            Clause::Test(self.test()?)
        };
        self.depth -= 1;
        Ok(clause)
    }

    fn expect_close(&mut self) -> Result<(), Refusal> {
        match self.rest.pop() {
            Some(Token { kind: Kind::Close, .. }) => Ok(()),
            Some(token) => Err(unexpected("Expecting either 'OR' or 'AND'", &token)),
            None => Err(ended("')'")),
        }
    }

    fn test(&mut self) -> Result<Test, Refusal> {
        let field = match self.rest.pop() {
            Some(Token { kind: Kind::Word(text) | Kind::Quoted(text), .. }) => text,
            Some(token) => return Err(unexpected("Expecting a field name", &token)),
            None => return Err(ended("a field name")),
        };
        let operator = self.operator()?;
        let values = match operator {
            Operator::Empty | Operator::NotEmpty => Vec::new(),
            _ => self.values()?,
        };
        Ok(Test { field, operator, values })
    }

    fn operator(&mut self) -> Result<Operator, Refusal> {
        let Some(token) = self.rest.pop() else { return Err(ended("an operator")) };
        let wrong = format!("Expecting operator but got '{}'", token.kind.text());
        let operator = match &token.kind {
            Kind::Sign(sign) => self.sign(sign),
            Kind::Word(word) => match word.to_uppercase().as_str() {
                "IN" => Some(Operator::In),
                "NOT" => self.take_word("IN").then_some(Operator::NotIn),
                "IS" => self.emptiness(),
                _ => None,
            },
            _ => None,
        };
        operator.ok_or_else(|| {
            format!(
                "Error in the JQL Query: {wrong}. The valid operators are {OPERATORS}. {}",
                place(token.at)
            )
        })
    }

    fn sign(&mut self, sign: &str) -> Option<Operator> {
        let is_empty = matches!(self.peek_word().as_deref(), Some("EMPTY" | "NULL"));
        let operator = match sign {
            "=" if is_empty => Operator::Empty,
            "!=" if is_empty => Operator::NotEmpty,
            "=" => Operator::In,
            "!=" => Operator::NotIn,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            "~" => Operator::Like,
            "!~" => Operator::NotLike,
            _ => return None,
        };
        if matches!(operator, Operator::Empty | Operator::NotEmpty) {
            self.rest.pop();
        }
        Some(operator)
    }

    fn emptiness(&mut self) -> Option<Operator> {
        let operator = if self.take_word("NOT") { Operator::NotEmpty } else { Operator::Empty };
        (self.take_word("EMPTY") || self.take_word("NULL")).then_some(operator)
    }

    fn values(&mut self) -> Result<Vec<String>, Refusal> {
        if !self.take_kind(&Kind::Open) {
            return Ok(vec![self.value()?]);
        }
        let mut values = vec![self.value()?];
        while self.take_kind(&Kind::Comma) {
            values.push(self.value()?);
        }
        self.expect_close()?;
        Ok(values)
    }

    /// A text, or a function without arguments with its parentheses.
    fn value(&mut self) -> Result<String, Refusal> {
        match self.rest.pop() {
            Some(Token { kind: Kind::Quoted(text), .. }) => Ok(text),
            Some(Token { kind: Kind::Word(mut text), .. }) => {
                if self.take_kind(&Kind::Open) {
                    self.expect_close()?;
                    text.push_str("()");
                }
                Ok(text)
            }
            Some(token) => Err(unexpected("Expecting either a value, list or function", &token)),
            None => Err(ended("either a value, list or function")),
        }
    }

    fn order(&mut self) -> Result<Vec<(String, bool)>, Refusal> {
        let mut order = Vec::new();
        if !self.take_word("ORDER") {
            return Ok(order);
        }
        if !self.take_word("BY") {
            return Err("Error in the JQL Query: Expecting 'by' after 'order'.".to_owned());
        }
        loop {
            let field = self.value()?;
            let is_down = self.take_word("DESC");
            if !is_down {
                self.take_word("ASC");
            }
            order.push((field, is_down));
            if !self.take_kind(&Kind::Comma) {
                return Ok(order);
            }
        }
    }
}

fn single_or(mut clauses: Vec<Clause>, of: fn(Vec<Clause>) -> Clause) -> Clause {
    match clauses.pop() {
        Some(only) if clauses.is_empty() => only,
        Some(last) => {
            clauses.push(last);
            of(clauses)
        }
        None => of(clauses),
    }
}

fn unexpected(wanted: &str, token: &Token) -> Refusal {
    format!("Error in the JQL Query: {wanted} but got '{}'. {}", token.kind.text(), place(token.at))
}

fn ended(wanted: &str) -> Refusal {
    format!("Error in the JQL Query: Expecting {wanted} before the end of the query.")
}
