//! The charts of the gallery, from the everyday to the odd.

use chart::{Axis, ChartSpec, Date, Emphasis, Position, Role, Rule, RuleAt, Series, Shape};
use jiff::ToSpan;

/// Every case; `prefix` keeps ids apart in a page that shows them more than once.
pub fn all(prefix: &str) -> Vec<ChartSpec> {
    let fan = fan();
    let mut cases = vec![fan, throughput("throughput", 26, 11), burn_up("burn-up", 30)];
    cases.extend([burn_up("burn-up-3", 3), throughput("throughput-3", 3, 3)]);
    cases.extend([burn_up("burn-up-738", 738), throughput("throughput-738", 738, 738)]);
    cases.extend([throughput("throughput-100", 100, 12), stacked(), scatter(), crowd()]);
    cases.extend([lone("one-point", 5.0, 1), lone("all-zero", 0.0, 20), outlier(), millions()]);
    cases.extend([negative(), burn_down(), ChartSpec::new("empty", "Nothing", Axis::Weeks)]);
    for spec in &mut cases {
        spec.id = format!("{prefix}-{}", spec.id);
    }
    cases
}

/// A repeatable number from 0 to `below`, for a look like real data.
fn noise(seed: usize, below: f64) -> f64 {
    let mixed = (seed as u32 ^ 0x9e37).wrapping_mul(2_654_435_761);
    f64::from((mixed ^ mixed >> 15).wrapping_mul(2_246_822_519) >> 8) / f64::from(1_u32 << 24)
        * below
}

fn monday(week: usize) -> Date {
    jiff::civil::date(2011, 10, 3).saturating_add((week as i64).weeks())
}

fn positions(count: usize) -> Vec<Position> {
    (739 - count..739).map(monday).map(Position::new).collect()
}

fn series(name: &str, role: Role, shape: Shape, values: Vec<Option<f64>>) -> Series {
    Series { name: name.to_owned(), role, shape, values }
}

fn date_rule(date: Date, label: &str, role: Role) -> Rule {
    Rule { at: RuleAt::Date(date), label: label.to_owned(), role }
}

fn level(value: f64, since: Option<Date>, label: &str) -> Rule {
    Rule { at: RuleAt::Value { value, since }, label: label.to_owned(), role: Role::Muted }
}

/// Sums of noise: a line that never falls.
fn rising(count: usize, start: f64, step: f64, seed: usize) -> Vec<Option<f64>> {
    let mut sum = start;
    let step = |week| {
        sum += noise(week * 31 + seed, step).floor();
        Some(sum)
    };
    (0..count).map(step).collect()
}

fn burn_up(id: &str, count: usize) -> ChartSpec {
    let done = series("Done", Role::Work, Shape::Area, rising(count, 0.0, 9.0, 1));
    let scope = series("Scope", Role::Scope, Shape::Line, rising(count, 60.0, 10.0, 2));
    ChartSpec {
        unit: "items".to_owned(),
        positions: positions(count),
        series: vec![done, scope],
        ..ChartSpec::new(id, "Burn-up", Axis::Days)
    }
}

fn throughput(id: &str, count: usize, sample: usize) -> ChartSpec {
    let mut positions = positions(count);
    for (at, position) in positions.iter_mut().enumerate() {
        position.emphasis = match at {
            at if at + 1 == count => Emphasis::Partial,
            at if at + 1 + sample < count => Emphasis::Pale,
            _ => Emphasis::Full,
        };
    }
    let done = |week| if week + 1 == count { 4.0 } else { noise(week + 3, 11.0).floor() };
    let values = (0..count).map(|week| Some(done(week))).collect();
    let since = positions.iter().find(|at| at.emphasis == Emphasis::Full).map(|at| at.date);
    ChartSpec {
        unit: "items a week".to_owned(),
        plot_height_px: 140,
        positions,
        series: vec![series("Done", Role::Work, Shape::Bar, values)],
        rules: vec![level(5.0, since, "Median")],
        ..ChartSpec::new(id, "Throughput", Axis::Weeks)
    }
}

fn fan() -> ChartSpec {
    let (past, future) = (36, 44);
    let mut spec = burn_up("fan", past);
    let last = 739;
    spec.positions.extend((last..last + future).map(monday).map(Position::new));
    let [done, scope] =
        [0, 1].map(|at| spec.series.get(at).and_then(|s| s.values.last().copied().flatten()));
    let (done, scope) = (done.unwrap_or_default(), scope.unwrap_or_default());
    let ahead = |pace: f64| -> Vec<Option<f64>> {
        let past = vec![None; past - 1];
        let ahead = (0..=future).map(|week| Some((done + pace * week as f64).min(scope)));
        past.into_iter().chain(ahead).collect()
    };
    let bands =
        [("95 %", 2.4, 8.4), ("85 %", 3.0, 7.2), ("50 %", 3.8, 5.9)].map(|(name, low, high)| {
            series(name, Role::Work, Shape::Band { lower: ahead(low) }, ahead(high))
        });
    spec.series.splice(0..0, bands);
    spec.series.push(series("Median", Role::Work, Shape::Dashed, ahead(4.7)));
    let flat = (0..past + future).map(|week| (week + 1 >= past).then_some(scope)).collect();
    spec.series.push(series("Scope as it is", Role::Scope, Shape::Dashed, flat));
    spec.rules = vec![
        date_rule(monday(738), "today", Role::Muted),
        date_rule(monday(766), "50 %", Role::Work),
        date_rule(monday(772), "85 %", Role::Work),
        date_rule(monday(775), "95 %", Role::Work),
        date_rule(monday(774), "deadline 1 Dec", Role::Risk),
    ];
    spec
}

fn stacked() -> ChartSpec {
    let mut spec = throughput("stacked", 30, 30);
    let values = (0..30).map(|week| Some(noise(week + 99, 5.0).floor())).collect();
    spec.series.push(series("Bugs", Role::Wait, Shape::Bar, values));
    spec
}

fn scatter() -> ChartSpec {
    let place =
        |item: usize| (monday(700).saturating_add(((item * 2) as i64).days()), noise(item, 1.0));
    let items: Vec<(Date, f64)> = (0..120).map(place).collect();
    let days = items.iter().map(|(_, share)| Some((1.0 / (0.03 + share) * 2.0).ceil())).collect();
    ChartSpec {
        unit: "days".to_owned(),
        positions: items.iter().map(|(date, _)| Position::new(*date)).collect(),
        series: vec![series("Finished items", Role::Work, Shape::Dot, days)],
        rules: vec![
            level(13.0, None, "85 %"),
            level(11.0, None, "Target"),
            level(4.0, None, "50 %"),
        ],
        ..ChartSpec::new("scatter", "Cycle time", Axis::Days)
    }
}

fn crowd() -> ChartSpec {
    let flat = |start: f64| (0..20).map(|week| Some(start + f64::from(week) * 0.1)).collect();
    let names = ["To do", "In progress", "In review", "A status with a very long name"];
    let roles = [Role::Muted, Role::Work, Role::Wait, Role::Done];
    let lines = names.iter().zip(roles).enumerate();
    let line = |(at, (name, role)): (usize, (&&str, Role))| {
        series(name, role, Shape::Line, flat(20.0 + at as f64))
    };
    ChartSpec {
        unit: "items".to_owned(),
        positions: positions(20),
        series: lines.map(line).collect(),
        ..ChartSpec::new("crowd", "Lines that end together", Axis::Days)
    }
}

fn lone(id: &str, value: f64, count: usize) -> ChartSpec {
    let line = series("Done", Role::Work, Shape::Area, vec![Some(value); count]);
    ChartSpec {
        unit: "items".to_owned(),
        positions: positions(count),
        series: vec![line],
        ..ChartSpec::new(id, "Few or flat", Axis::Days)
    }
}

fn outlier() -> ChartSpec {
    let mut spec = throughput("outlier", 40, 40);
    let value = spec.series.first_mut().and_then(|series| series.values.get_mut(17));
    value.into_iter().for_each(|value| *value = Some(431.0));
    spec
}

fn millions() -> ChartSpec {
    let done = series("Done", Role::Done, Shape::Line, rising(26, 0.0, 400_000.0, 5));
    ChartSpec {
        unit: "points".to_owned(),
        positions: positions(26),
        series: vec![done],
        ..ChartSpec::new("millions", "Large", Axis::Days)
    }
}

fn negative() -> ChartSpec {
    let net = (0..24).map(|week| Some(noise(week, 13.0).floor() - 6.0)).collect();
    ChartSpec {
        unit: "items a week".to_owned(),
        plot_height_px: 140,
        positions: positions(24),
        series: vec![series("Net change", Role::Scope, Shape::Bar, net)],
        ..ChartSpec::new("negative", "Net", Axis::Weeks)
    }
}

fn burn_down() -> ChartSpec {
    let open = rising(20, 0.0, 14.0, 7).into_iter().map(|done| done.map(|done| 160.0 - done));
    let mut spec = lone("burn-down", 0.0, 20);
    spec.series = vec![series("Open", Role::Work, Shape::Line, open.collect())];
    spec.rules = vec![date_rule(monday(752), "deadline 3 Mar", Role::Risk)];
    spec
}
