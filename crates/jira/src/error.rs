//! What can go wrong with a server, each with what to do about it.

/// A failed call.
pub type Result<T> = std::result::Result<T, Error>;

/// Why Jira could not be asked, in words for the person who has to mend it. No case holds a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The user gave up.
    #[error("it was cancelled; what was there before is still in force")]
    Cancelled,
    /// Nobody answers at that address.
    #[error("{host} cannot be reached: {why}; check the address and the network")]
    Unreachable {
        /// The host and port.
        host: String,
        /// What the system says.
        why: String,
    },
}
