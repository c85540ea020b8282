//! One pass over JSON text into a flat list of nodes, without recursion and without copying.
//!
//! The old app's files hold things strict parsers refuse: bare `NaN`, lone surrogates, repeated
//! members, hand-made comments and trailing commas, nesting of any depth. All of them are accepted
//! here and counted in [`Oddities`]; text that is broken beyond that is an error with its position.

use std::borrow::Cow;

use super::scan::{self, SyntaxError};

/// What a node of a [`Tape`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// A number of the JSON grammar, any size.
    Number,
    /// `NaN`, `Infinity` or `-Infinity`, as Python writes them.
    NonFinite,
    /// A string without escapes.
    Plain,
    /// A string with escapes, all of which are Unicode text.
    Escaped,
    /// A string with a lone surrogate: its exact text is kept, its decoded text is lossy.
    Surrogate,
    /// An array; its elements follow.
    Array,
    /// An object; its members follow as a name node and a value node each.
    Object,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    pub kind: Kind,
    /// A repeated member name whose later twin wins; readers and writers pass over it.
    pub superseded: bool,
    pub start: u32,
    pub end: u32,
    /// Index of the node after this one's subtree.
    pub next: u32,
}

/// What was accepted although strict JSON forbids it, or what needs care.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Oddities {
    /// Bare `NaN`, `Infinity`, `-Infinity`.
    pub non_finite: u32,
    /// Members repeated in one object (the last one wins).
    pub repeated_members: u32,
    /// Strings that hold half of a surrogate pair.
    pub lone_surrogates: u32,
    /// Numbers that neither an `i64` nor an `f64` can hold.
    pub wide_numbers: u32,
    /// Comments and trailing commas, as people leave them.
    pub hand_edits: u32,
    /// Raw control characters inside strings.
    pub control_characters: u32,
    /// Deepest nesting seen.
    pub depth: u32,
}

impl Oddities {
    /// Whether strict JSON would have read the same.
    pub fn is_clean(&self) -> bool {
        Self { depth: 0, ..*self } == Self::default()
    }

    /// Adds the counts of another text of the same file.
    pub fn add(&mut self, other: &Self) {
        self.non_finite += other.non_finite;
        self.repeated_members += other.repeated_members;
        self.lone_surrogates += other.lone_surrogates;
        self.wide_numbers += other.wide_numbers;
        self.hand_edits += other.hand_edits;
        self.control_characters += other.control_characters;
        self.depth = self.depth.max(other.depth);
    }
}

/// Nodes of one parsed text. Reusable: parsing again keeps the allocation.
#[derive(Debug, Default)]
pub struct Tape {
    pub(super) nodes: Vec<Node>,
    open: Vec<u32>,
    oddities: Oddities,
}

impl Tape {
    /// An empty tape.
    pub fn new() -> Self {
        Self::default()
    }

    /// Parses `text`, which must hold one JSON value. Errors carry the byte offset.
    pub fn parse<'t>(&'t mut self, text: &'t str) -> Result<Value<'t>, SyntaxError> {
        self.nodes.clear();
        self.open.clear();
        self.oddities = Oddities::default();
        if u32::try_from(text.len()).is_err() {
            return Err(SyntaxError { at: 0, what: "a single value of more than 4 GB" });
        }
        Parser { tape: self, bytes: text.as_bytes(), at: 0 }.document()?;
        Ok(Value { tape: self, text, index: 0 })
    }

    /// What the last parsed text had that strict JSON has not.
    pub fn oddities(&self) -> Oddities {
        self.oddities
    }
}

struct Parser<'p> {
    tape: &'p mut Tape,
    bytes: &'p [u8],
    at: usize,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<(), SyntaxError> {
        self.skip_space()?;
        self.value()?;
        while let Some(&top) = self.tape.open.last() {
            let is_object = self.kind_of(top) == Kind::Object;
            let first = self.tape.nodes.len() == top as usize + 1;
            self.skip_space()?;
            let mut byte = self.peek()?;
            if byte == b',' && !first {
                self.at += 1;
                self.skip_space()?;
                byte = self.peek()?;
                if matches!(byte, b'}' | b']') {
                    self.tape.oddities.hand_edits += 1;
                }
            } else if !matches!(byte, b'}' | b']') && !first {
                return Err(self.error("a comma is missing"));
            }
            match byte {
                b'}' if is_object => self.close(top),
                b']' if !is_object => self.close(top),
                b'}' | b']' => return Err(self.error("a bracket closes what it did not open")),
                _ if is_object => self.member()?,
                _ => self.value()?,
            }
        }
        self.skip_space()?;
        if self.at < self.bytes.len() {
            return Err(self.error("text after the end of the value"));
        }
        Ok(())
    }

    fn member(&mut self) -> Result<(), SyntaxError> {
        if self.peek()? != b'"' {
            return Err(self.error("a member name in quotes is missing"));
        }
        self.string()?;
        self.skip_space()?;
        if self.peek()? != b':' {
            return Err(self.error("a colon is missing"));
        }
        self.at += 1;
        self.skip_space()?;
        self.value()
    }

    fn value(&mut self) -> Result<(), SyntaxError> {
        match self.peek()? {
            b'"' => self.string(),
            b'{' => self.open(Kind::Object),
            b'[' => self.open(Kind::Array),
            b't' => self.word("true", Kind::True),
            b'f' => self.word("false", Kind::False),
            b'n' => self.word("null", Kind::Null),
            b'N' => self.word("NaN", Kind::NonFinite),
            b'I' => self.word("Infinity", Kind::NonFinite),
            b'-' if self.bytes.get(self.at + 1) == Some(&b'I') => {
                self.word("-Infinity", Kind::NonFinite)
            }
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(self.error("a value is missing")),
        }
    }

    fn open(&mut self, kind: Kind) -> Result<(), SyntaxError> {
        let index = self.tape.nodes.len() as u32;
        self.push(kind, self.at, self.at + 1);
        self.tape.open.push(index);
        let depth = self.tape.open.len() as u32;
        self.tape.oddities.depth = self.tape.oddities.depth.max(depth);
        self.at += 1;
        Ok(())
    }

    fn close(&mut self, top: u32) {
        self.at += 1;
        let (end, next) = (self.at as u32, self.tape.nodes.len() as u32);
        if self.kind_of(top) == Kind::Object {
            self.supersede_repeated_members(top, next);
        }
        if let Some(node) = self.tape.nodes.get_mut(top as usize) {
            node.end = end;
            node.next = next;
        }
        self.tape.open.pop();
    }

    fn supersede_repeated_members(&mut self, top: u32, next: u32) {
        let bytes = self.bytes;
        let repeated = scan::repeated_names(&self.tape.nodes, bytes, top, next);
        self.tape.oddities.repeated_members += repeated.len() as u32;
        for index in repeated {
            if let Some(node) = self.tape.nodes.get_mut(index as usize) {
                node.superseded = true;
            }
        }
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<(), SyntaxError> {
        let end = self.at + word.len();
        if self.bytes.get(self.at..end) != Some(word.as_bytes()) {
            return Err(self.error("an unknown word"));
        }
        if kind == Kind::NonFinite {
            self.tape.oddities.non_finite += 1;
        }
        self.push(kind, self.at, end);
        self.at = end;
        Ok(())
    }

    fn number(&mut self) -> Result<(), SyntaxError> {
        let end = scan::number_end(self.bytes, self.at)
            .ok_or_else(|| self.error("a number is not well formed"))?;
        if scan::is_wide_number(self.bytes.get(self.at..end).unwrap_or_default()) {
            self.tape.oddities.wide_numbers += 1;
        }
        self.push(Kind::Number, self.at, end);
        self.at = end;
        Ok(())
    }

    fn string(&mut self) -> Result<(), SyntaxError> {
        let string = scan::string(self.bytes, self.at)?;
        let kind = match (string.surrogates, string.escapes) {
            (true, _) => Kind::Surrogate,
            (_, true) => Kind::Escaped,
            _ => Kind::Plain,
        };
        self.tape.oddities.lone_surrogates += u32::from(string.surrogates);
        self.tape.oddities.control_characters += u32::from(string.controls);
        self.push(kind, self.at + 1, string.end - 1);
        self.at = string.end;
        Ok(())
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let next = self.tape.nodes.len() as u32 + 1;
        let node = Node { kind, superseded: false, start: start as u32, end: end as u32, next };
        self.tape.nodes.push(node);
    }

    fn skip_space(&mut self) -> Result<(), SyntaxError> {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                b'/' => {
                    self.at = scan::comment_end(self.bytes, self.at)
                        .ok_or_else(|| self.error("a slash outside of a string"))?;
                    self.tape.oddities.hand_edits += 1;
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn peek(&self) -> Result<u8, SyntaxError> {
        self.bytes.get(self.at).copied().ok_or_else(|| self.error("the text ends too early"))
    }

    fn kind_of(&self, index: u32) -> Kind {
        self.tape.nodes.get(index as usize).map_or(Kind::Null, |node| node.kind)
    }

    fn error(&self, what: &'static str) -> SyntaxError {
        SyntaxError { at: self.at, what }
    }
}

/// One value on a tape, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Value<'t> {
    tape: &'t Tape,
    text: &'t str,
    index: u32,
}

impl<'t> Value<'t> {
    pub(super) fn node(&self) -> Node {
        let end = Node { kind: Kind::Null, superseded: false, start: 0, end: 0, next: 0 };
        self.tape.nodes.get(self.index as usize).copied().unwrap_or(end)
    }

    /// What the whole parsed text had that strict JSON has not.
    pub fn oddities(&self) -> Oddities {
        self.tape.oddities
    }

    /// What this value is.
    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The exact source text; of a string, without its quotes.
    pub fn raw(&self) -> &'t str {
        let node = self.node();
        self.text.get(node.start as usize..node.end as usize).unwrap_or_default()
    }

    /// Decoded text of a string (lone surrogates as U+FFFD); `None` for anything else.
    pub fn as_text(&self) -> Option<Cow<'t, str>> {
        match self.kind() {
            Kind::Plain => Some(Cow::Borrowed(self.raw())),
            Kind::Escaped | Kind::Surrogate => Some(Cow::Owned(scan::unescape(self.raw()))),
            _ => None,
        }
    }

    /// The nearest `f64` of a number; `None` for anything else and for what overflows.
    pub fn as_f64(&self) -> Option<f64> {
        let finite = |number: &f64| number.is_finite();
        (self.kind() == Kind::Number).then(|| self.raw().parse().ok().filter(finite))?
    }

    /// The member of that name; `None` if absent or if this is not an object.
    pub fn get(&self, name: &str) -> Option<Value<'t>> {
        self.members().find(|(member, _)| member.is_named(name)).map(|(_, value)| value)
    }

    /// Whether this string decodes to `name`.
    pub fn is_named(&self, name: &str) -> bool {
        match self.kind() {
            Kind::Plain => self.raw() == name,
            _ => self.as_text().is_some_and(|text| text == name),
        }
    }

    /// Members of an object in written order, without superseded ones; empty for anything else.
    pub fn members(&self) -> impl Iterator<Item = (Value<'t>, Value<'t>)> + use<'t> {
        let (tape, text, node) = (self.tape, self.text, self.node());
        let end = if node.kind == Kind::Object { node.next } else { 0 };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            while at < end {
                let name = Value { tape, text, index: at };
                let value = Value { tape, text, index: at + 1 };
                at = value.node().next.max(at + 2);
                if !name.node().superseded {
                    return Some((name, value));
                }
            }
            None
        })
    }

    /// Elements of an array; empty for anything else.
    pub fn elements(&self) -> impl Iterator<Item = Value<'t>> + use<'t> {
        let (tape, text, node) = (self.tape, self.text, self.node());
        let end = if node.kind == Kind::Array { node.next } else { 0 };
        let mut at = self.index + 1;
        std::iter::from_fn(move || {
            let value = (at < end).then_some(Value { tape, text, index: at })?;
            at = value.node().next.max(at + 1);
            Some(value)
        })
    }

    /// Appends this value without white space, comments and superseded members; every token keeps
    /// its exact text (control characters inside strings become escapes).
    pub fn write_compact(&self, out: &mut String) {
        let node = self.node();
        super::write::compact(&self.tape.nodes, self.text, self.index, node.next, out);
    }
}
