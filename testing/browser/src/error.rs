//! What can go wrong with a browser.

/// The result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the browser did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The process cannot be started.
    #[error("{program} cannot be started: {source}")]
    Start {
        /// What was started.
        program: String,
        /// Why it did not.
        source: std::io::Error,
    },
    /// The process is gone.
    #[error("the browser has ended; start it by hand with --headless to see why")]
    Ended,
    /// It said nothing for too long.
    #[error("the browser was silent for {seconds} s while {what} was awaited")]
    Silent {
        /// The method or event.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// It does not do this.
    #[error("the browser refused {method}: {message}")]
    Refused {
        /// The method of the protocol.
        method: String,
        /// Its words.
        message: String,
    },
    /// The answer is not what the protocol says.
    #[error("the browser's answer has no {field}: {answer}")]
    Answer {
        /// What was looked for.
        field: &'static str,
        /// The answer.
        answer: String,
    },
    /// The page did not come.
    #[error("{url} cannot be opened: {why}")]
    Unreachable {
        /// The address.
        url: String,
        /// The browser's word for it.
        why: String,
    },
    /// A script in the page threw.
    #[error("a script failed in the page: {message}")]
    Script {
        /// What it threw.
        message: String,
    },
    /// There is no such element.
    #[error("nothing on the page matches {selector}")]
    Missing {
        /// The CSS selector.
        selector: String,
    },
    /// A file did not arrive.
    #[error("the download was broken off")]
    Download,
    /// The browser has no such key, as far as this crate knows.
    #[error("there is no key called {key}; see testing/browser/src/input.rs")]
    Key {
        /// What was to be pressed.
        key: String,
    },
}
