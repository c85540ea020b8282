//! Charts of 738 weeks, the longest history in the shared data: `cargo bench -p chart`.

use std::hint::black_box;

use chart::{Axis, ChartSpec, Date, Emphasis, Position, Role, Series, Shape};
use criterion::{Criterion, criterion_group, criterion_main};
use jiff::ToSpan;

const WEEKS: i64 = 738;

fn series(name: &str, shape: Shape, value: impl Fn(i64) -> i64) -> Series {
    let values = (0..WEEKS).map(|week| Some(value(week) as f64)).collect();
    Series { name: name.to_owned(), role: Role::Work, shape, values }
}

fn spec(title: &str, axis: Axis, series: Vec<Series>) -> ChartSpec {
    let first = Date::constant(2011, 10, 3);
    let position = |week: i64| Position::new(first.saturating_add(week.weeks()));
    let mut positions: Vec<_> = (0..WEEKS).map(position).collect();
    if let Some(last) = positions.last_mut() {
        last.emphasis = Emphasis::Partial;
    }
    ChartSpec {
        unit: "items".to_owned(),
        positions,
        series,
        ..ChartSpec::new("bench", title, axis)
    }
}

fn charts(criterion: &mut Criterion) {
    let uneven = |week: i64| week * 7919 % 31;
    let done = series("Done", Shape::Area, |week| week * 4 + uneven(week));
    let scope = series("Scope", Shape::Line, |week| week * 5 + uneven(week) + 40);
    let burn_up = spec("Burn-up", Axis::Days, vec![done, scope]);
    let throughput = spec("Throughput", Axis::Weeks, vec![series("Done", Shape::Bar, uneven)]);
    for (name, spec) in [("burn_up_738_weeks", &burn_up), ("throughput_738_weeks", &throughput)] {
        criterion.bench_function(name, |bencher| bencher.iter(|| black_box(spec).to_svg()));
    }
    criterion.bench_function("table_738_weeks", |bencher| {
        bencher.iter(|| black_box(&burn_up).to_table());
    });
}

criterion_group!(benches, charts);
criterion_main!(benches);
