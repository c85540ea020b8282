//! Deliveries of teams whose futures can be counted by hand.

use forecast::{
    Assumptions, DeliveryChances, DeliveryGrowth, DeliveryWork, Facts, PaceSplit,
    forecast_deliveries,
};
use metrics::{Amount, Flow, Measured, Origin, Reason, WeekRow, WeeklyTable};
use model::{Date, Remedy, Week};

/// The Sunday after the weeks.
fn as_of() -> Date {
    "2026-06-28".parse().unwrap()
}

/// Forty weeks with so many items done in each.
fn steady(items: i64) -> Measured<WeeklyTable> {
    let last = Week::of(as_of()).number();
    let row = |number: i32| {
        let done = Amount { items, ..Amount::default() };
        let week = Week::from_number(number);
        let flow = Flow { done, ..Flow::default() };
        let monday = week.monday().unwrap();
        WeekRow { week, monday, flow, open: None, is_partial: false }
    };
    let rows = (last - 39..=last).map(row).collect();
    let value =
        WeeklyTable { rows, undated: Flow::default(), origin: Origin::Issues, first_started: None };
    Measured::Known { value, sample: 40, window: None, rule: String::new(), notes: Vec::new() }
}

fn work(remaining: u64, growth: DeliveryGrowth) -> DeliveryWork {
    DeliveryWork { remaining, shared: Vec::new(), growth }
}

fn chances(items: i64, split: &PaceSplit, works: &[DeliveryWork]) -> Vec<DeliveryChances> {
    let (table, open) =
        (steady(items), Measured::unavailable(Reason::NothingLeft, Remedy::Nothing));
    let facts = Facts {
        as_of: as_of(),
        table: &table,
        open: &open,
        where_idle: Remedy::WidenSample,
        overdue: None,
    };
    let found = forecast_deliveries(&facts, &Assumptions::default(), split, works);
    found.known().unwrap().clone()
}

fn in_order(at_once: usize, others: usize) -> PaceSplit {
    PaceSplit::Order { at_once, others, of_deliveries: 60, of_all: 60 }
}

fn date(chances: &DeliveryChances, percent: u32) -> String {
    chances.growing.date(percent).map(|date| date.to_string()).unwrap_or_default()
}

#[test]
fn one_after_the_other_takes_the_whole_pace() {
    let works = [work(10, DeliveryGrowth::None), work(5, DeliveryGrowth::None)];
    let found = chances(5, &in_order(1, 0), &works);
    for percent in [50, 85, 95] {
        // Two weeks of five each, then one more.
        assert_eq!(date(&found[0], percent), "2026-07-10");
        assert_eq!(date(&found[1], percent), "2026-07-17");
    }
    assert_eq!(found[0].alone, found[0].growing);
}

#[test]
fn two_at_once_share_the_items_by_coins() {
    // Each of 5 items a week is one of two by a coin; one with 5 items is done after as many weeks as
    // it takes for 5 of them: the chance of two weeks or less is that of 5 or more in 10 throws.
    let works = [work(5, DeliveryGrowth::None), work(500, DeliveryGrowth::None)];
    let found = chances(5, &in_order(2, 0), &works);
    let two_weeks = found[0].growing.by("2026-07-10".parse().unwrap());
    let throws: f64 = (5..=10).map(|heads| f64::from(choose(10, heads))).sum();
    let want = throws / 1_024.0;
    assert!((two_weeks - want).abs() < 0.03, "{two_weeks} instead of {want}");
    // Others that are not asked about take their part just the same.
    let alone = chances(5, &in_order(2, 1), &works[..1]);
    let found = alone[0].growing.by("2026-07-10".parse().unwrap());
    assert!((found - want).abs() < 0.03, "{found} instead of {want}");
}

/// An item that two deliveries have is done once, and then in both.
#[test]
fn what_two_deliveries_have_is_done_in_both() {
    let shared: Vec<u32> = (0..5).collect();
    let whole = DeliveryWork { shared: shared.clone(), ..work(10, DeliveryGrowth::None) };
    let part = DeliveryWork { shared, ..work(5, DeliveryGrowth::None) };
    let dates = |works: &[DeliveryWork]| {
        let found = chances(5, &in_order(1, 0), works);
        [date(&found[0], 95), date(&found[1], 95)]
    };
    let [all, of_it] = dates(&[whole.clone(), part.clone()]);
    assert!(all == "2026-07-10" && of_it <= all, "{all}, {of_it}");
    assert_eq!(dates(&[part, whole]), ["2026-07-03", "2026-07-10"]);
}

fn choose(all: u32, some: u32) -> u32 {
    (0..some).fold(1, |product, k| product * (all - k) / (k + 1))
}

#[test]
fn a_share_is_drawn_with_what_little_is_known_of_it() {
    // 30 of 60 items: an urn with 31 of 61, so about half of ten a week.
    let split = PaceSplit::Share { of_each: vec![30], of_all: 60 };
    let found = chances(10, &split, &[work(25, DeliveryGrowth::None)]);
    let half: Date = date(&found[0], 50).parse().unwrap();
    let weeks = Week::of(half).number() - Week::of(as_of()).number();
    assert_eq!(weeks, 5, "{half}");
    // Nothing of it was done: it still may be, but later.
    let never = PaceSplit::Share { of_each: vec![0], of_all: 60 };
    let found = chances(10, &never, &[work(25, DeliveryGrowth::None)]);
    assert!(found[0].growing.by(half) < 0.05);
}

#[test]
fn growth_makes_it_later_and_what_is_in_it_now_stays() {
    let own = DeliveryGrowth::Weekly { weeks: vec![3.0; 4] };
    let found = chances(5, &in_order(1, 0), &[work(10, own)]);
    let alone = found[0].alone.date(85).unwrap();
    assert_eq!(alone.to_string(), "2026-07-10");
    assert!(found[0].growing.date(85).unwrap() > alone);
    let shape = DeliveryGrowth::Shape { scope: 20.0, factors: vec![1.5] };
    let found = chances(5, &in_order(1, 0), &[work(10, shape)]);
    // 10 of 20 are open, and half as many again come: four weeks.
    assert_eq!(date(&found[0], 85), "2026-07-24");
    let done = chances(5, &in_order(1, 0), &[work(0, DeliveryGrowth::None)]);
    assert_eq!(date(&done[0], 95), as_of().to_string());
}
