//! What stands above the plot: the caption of the value axis and the labels of vertical rules, on
//! as few lines as keep labels and rules apart.

use crate::bounds::{Anchor, LINE_PX, Label, shortened, width_px};
use crate::layout::LEFT_PX;
use crate::scale::DayScale;
use crate::{ChartSpec, Role};

/// Free room between labels, and between a label and a rule that passes it.
const GAP_PX: f64 = 8.0;

/// How far a label beside its rule is from it.
const BESIDE_PX: f64 = 4.0;

/// From the plot to the baseline of the lowest line, so that it clears the topmost value label.
const BASELINE_PX: f64 = 10.0;

/// Attempts before a label is left out; only many rules in one place get there.
const ATTEMPTS_MAX: u32 = 5_000;

/// Everything above the plot.
#[derive(Debug, Clone)]
pub struct Above {
    pub rules: Vec<PlacedRule>,
    /// How many lines there are.
    pub lines: usize,
    caption: Option<(Label, usize)>,
}

/// A vertical rule with the place of its label.
#[derive(Debug, Clone)]
pub struct PlacedRule {
    pub fraction: f64,
    pub role: Role,
    label: Option<(Label, usize)>,
}

impl PlacedRule {
    /// Where the rule begins, below its label.
    pub fn begin_px(&self, plot_top_px: f64) -> f64 {
        let line = self.label.as_ref().map_or(0, |(_, line)| *line);
        baseline_px(plot_top_px, line) + 4.0
    }
}

fn baseline_px(plot_top_px: f64, line: usize) -> f64 {
    plot_top_px - BASELINE_PX - LINE_PX * line as f64
}

impl Above {
    /// Places the caption and the label of every vertical rule between the edges of the picture.
    /// Where rules leave the caption no room beside them it gets a line of its own at the top.
    pub fn new(
        spec: &ChartSpec,
        days: &DayScale,
        caption: &str,
        plot_px: f64,
        right_px: f64,
    ) -> Self {
        let flags = flags(spec, days, plot_px);
        let caption_px = if caption.is_empty() { 0.0 } else { width_px(caption, false) };
        let beside = Spot::caption(caption_px);
        let search = |count: usize, taken: Option<Spot>| {
            let flags = flags.get(..count).unwrap_or_default();
            Search { plot_px, right_px, flags, taken, spots: Vec::new(), attempts: 0 }.spots()
        };
        let (spots, is_beside) = match search(flags.len(), Some(beside)) {
            Some(spots) => (spots, true),
            None => {
                let fewer = (0..=flags.len()).rev().find_map(|count| search(count, None));
                (fewer.unwrap_or_default(), false)
            }
        };
        let rule_lines = spots.iter().map(|spot| spot.line + 1).max().unwrap_or(0);
        let caption_line = if is_beside { 0 } else { rule_lines };
        let caption = Some((caption_label(caption), caption_line)).filter(|_| caption_px > 0.0);
        let lines = caption.as_ref().map_or(0, |(_, line)| line + 1).max(rule_lines);
        let rules = flags.iter().enumerate().map(|(at, flag)| flag.placed(spots.get(at)));
        Self { rules: rules.collect(), lines, caption }
    }

    pub fn labels(&self, plot_top_px: f64) -> impl Iterator<Item = Label> {
        let rules = self.rules.iter().filter_map(|rule| rule.label.as_ref());
        self.caption.iter().chain(rules).map(move |(label, line)| Label {
            baseline_px: baseline_px(plot_top_px, *line),
            ..label.clone()
        })
    }
}

fn caption_label(text: &str) -> Label {
    Label {
        text: text.to_owned(),
        class: "caption".to_owned(),
        is_bold: false,
        anchor: Anchor::Start,
        fraction: 0.0,
        shift_px: -LEFT_PX,
        baseline_px: 0.0,
    }
}

/// The label of a vertical rule before it has a place.
struct Flag {
    text: String,
    width_px: f64,
    role: Role,
    fraction: f64,
}

/// From the middle outwards: labels point inwards, so that outer rules pass them.
fn flags(spec: &ChartSpec, days: &DayScale, plot_px: f64) -> Vec<Flag> {
    let dated = spec.rules.iter().filter_map(|rule| Some((rule, rule.date()?)));
    let flag = |(rule, date): (&crate::Rule, _)| {
        let text = shortened(&rule.label, true, plot_px * 0.8);
        let (width_px, role) = (width_px(&text, true), rule.role);
        Flag { text, width_px, role, fraction: days.fraction(date, 0.0) }
    };
    let mut flags: Vec<Flag> = dated.map(flag).collect();
    flags.sort_by(|a, b| (a.fraction - 0.5).abs().total_cmp(&(b.fraction - 0.5).abs()));
    flags
}

impl Flag {
    fn placed(&self, spot: Option<&Spot>) -> PlacedRule {
        let spot = spot.filter(|_| !self.text.is_empty());
        let label = spot.map(|spot| (self.label(spot.anchor), spot.line));
        PlacedRule { fraction: self.fraction, role: self.role, label }
    }

    fn label(&self, anchor: Anchor) -> Label {
        Label {
            text: self.text.clone(),
            class: format!("rule-label {}", self.role.class()),
            is_bold: true,
            anchor,
            fraction: self.fraction,
            shift_px: match anchor {
                Anchor::Start => BESIDE_PX,
                Anchor::Middle => 0.0,
                Anchor::End => -BESIDE_PX,
            },
            baseline_px: 0.0,
        }
    }

    fn spot(&self, anchor: Anchor, line: usize, plot_px: f64) -> Spot {
        let rule_px = self.fraction * plot_px;
        let left_px = match anchor {
            Anchor::Start => rule_px + BESIDE_PX,
            Anchor::Middle => rule_px - self.width_px / 2.0,
            Anchor::End => rule_px - BESIDE_PX - self.width_px,
        };
        Spot { anchor, line, left_px, right_px: left_px + self.width_px, rule_px: Some(rule_px) }
    }
}

/// A place for a label: its line and what it takes of the width there.
#[derive(Debug, Clone)]
struct Spot {
    anchor: Anchor,
    line: usize,
    left_px: f64,
    right_px: f64,
    /// Where its rule goes down.
    rule_px: Option<f64>,
}

impl Spot {
    /// The lowest line, from the left edge of the picture.
    fn caption(width_px: f64) -> Self {
        let (left_px, right_px) = (-LEFT_PX, width_px - LEFT_PX);
        Self { anchor: Anchor::Start, line: 0, left_px, right_px, rule_px: None }
    }

    /// Whether two labels share a line without room, or the rule of one passes the other.
    fn disturbs(&self, other: &Spot) -> bool {
        let meet = self.left_px < other.right_px + GAP_PX && other.left_px < self.right_px + GAP_PX;
        (self.line == other.line && meet) || self.passes(other) || other.passes(self)
    }

    fn passes(&self, lower: &Spot) -> bool {
        let beside = (lower.left_px - GAP_PX / 2.0)..(lower.right_px + GAP_PX / 2.0);
        self.line > lower.line && self.rule_px.is_some_and(|rule_px| beside.contains(&rule_px))
    }
}

/// Tries lines and sides for each label in turn and goes back where one finds no place.
struct Search<'f> {
    plot_px: f64,
    right_px: f64,
    flags: &'f [Flag],
    /// Taken before the first label.
    taken: Option<Spot>,
    spots: Vec<Spot>,
    attempts: u32,
}

impl Search<'_> {
    /// A spot for each flag, if all of them find one.
    fn spots(mut self) -> Option<Vec<Spot>> {
        self.place().then_some(self.spots)
    }

    fn place(&mut self) -> bool {
        let Some(flag) = self.flags.get(self.spots.len()) else { return true };
        for line in 0..=self.spots.len() + 1 {
            for anchor in [Anchor::Middle, Anchor::Start, Anchor::End] {
                self.attempts += 1;
                if self.attempts > ATTEMPTS_MAX {
                    return false;
                }
                let spot = flag.spot(anchor, line, self.plot_px);
                if !self.is_free(&spot) {
                    continue;
                }
                self.spots.push(spot);
                if self.place() {
                    return true;
                }
                self.spots.pop();
            }
        }
        false
    }

    fn is_free(&self, spot: &Spot) -> bool {
        spot.left_px >= -LEFT_PX
            && spot.right_px <= self.plot_px + self.right_px
            && !self.taken.iter().chain(&self.spots).any(|other| spot.disturbs(other))
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::{Axis, Rule, RuleAt};

    #[track_caller]
    fn check(rules: &[(i8, &str)], plot_px: f64, want_lines: usize) {
        let mut spec = ChartSpec::new("t", "T", Axis::Days);
        let rule = |(day, label): &(i8, &str)| Rule {
            at: RuleAt::Date(date(2024, 1, *day)),
            label: (*label).to_owned(),
            role: Role::Muted,
        };
        spec.rules = rules.iter().map(rule).collect();
        let days = DayScale::new([date(2024, 1, 1), date(2024, 1, 31)].into_iter(), 0).unwrap();
        let above = Above::new(&spec, &days, "items a week", plot_px, 16.0);
        assert_eq!(above.labels(100.0).count(), rules.len() + 1, "nothing is left out");
        assert_eq!(above.lines, want_lines);
    }

    #[test]
    fn labels_share_a_line_where_they_can() {
        check(&[], 200.0, 1);
        check(&[(15, "today")], 200.0, 1);
        check(&[(15, "today"), (25, "deadline")], 300.0, 1);
        check(&[(31, "deadline")], 200.0, 1);
    }

    #[test]
    fn labels_stack_where_rules_crowd() {
        check(&[(28, "50 %"), (29, "85 %"), (30, "95 %"), (31, "deadline 31 Jan")], 200.0, 4);
        check(&[(15, "today"), (15, "deadline"), (16, "release")], 200.0, 2);
        check(&[(8, "eight"), (9, "nine"), (10, "ten")], 300.0, 2);
    }

    #[test]
    fn the_caption_makes_room_for_rules_above_it() {
        check(&[(1, "start"), (31, "deadline")], 200.0, 2);
    }
}
