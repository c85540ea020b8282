//! What the issues of the demo are called: made of lists, without names of people.

use crate::draw::Draw;
use crate::project::IssueType;

const STORY_OPENINGS: [&str; 8] =
    ["Show", "Remember", "Explain", "Redesign", "Translate", "Offer", "Simplify", "Preview"];
const TASK_OPENINGS: [&str; 7] = [
    "Measure the use of",
    "Write load tests for",
    "Speed up",
    "Document",
    "Log changes of",
    "Remove the old code behind",
    "Cache",
];
const SUBTASK_OPENINGS: [&str; 5] = ["Review the texts of", "Test", "Draw", "Label", "Wire up"];
const SYMPTOMS: [&str; 8] = [
    "is shown twice",
    "is missing",
    "shows an old value",
    "is cut off",
    "flickers",
    "fails to load",
    "ignores the language",
    "rounds the wrong way",
];
const THINGS: [&str; 20] = [
    "delivery date",
    "order summary",
    "gift card balance",
    "tax breakdown",
    "saved address",
    "voucher field",
    "shipping cost",
    "payment reminder",
    "invoice download",
    "stock warning",
    "return label",
    "currency switch",
    "loyalty discount",
    "basket total",
    "pick-up point",
    "express option",
    "order confirmation",
    "receipt e-mail",
    "bank transfer",
    "instalment plan",
];
const PLACES: [&str; 10] = [
    "in the basket",
    "on the payment step",
    "for guest customers",
    "on small screens",
    "after sign-in",
    "for business accounts",
    "in order history",
    "during sales",
    "outside the home market",
    "after a page reload",
];

/// A one-line title.
pub(super) fn summary(issue_type: IssueType, draw: &mut Draw) -> String {
    let (thing, place) = (draw.one_of(&THINGS), draw.one_of(&PLACES));
    let openings: &[&str] = match issue_type {
        IssueType::Story => &STORY_OPENINGS,
        IssueType::Task => &TASK_OPENINGS,
        IssueType::Subtask => &SUBTASK_OPENINGS,
        IssueType::Bug => return format!("The {thing} {} {place}", draw.one_of(&SYMPTOMS)),
    };
    format!("{} the {thing} {place}", draw.one_of(openings))
}
