//! What issues of a query belong to, and how that changed: derived from their documents.

use model::{Membership, MembershipChanges, QueryKey};

use crate::error::Result;

/// Reads memberships.
pub trait ReadMembership {
    /// Hands over key and membership of every issue in stored order, without touching documents.
    fn each_membership(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, Membership) -> Result<()>,
    ) -> Result<()>;

    /// Hands over key and changes of every changelog in stored order, without touching documents.
    fn each_membership_change(
        &self,
        query: &QueryKey,
        visit: &mut dyn FnMut(&str, MembershipChanges) -> Result<()>,
    ) -> Result<()>;
}
