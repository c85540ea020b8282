//! Figures that are kept, so that they outlive a change of the settings that they were made with:
//! the values of the weeks, and the forecast of the week, to be scored when it is due.

use forecast::{ForecastRecord, Question};
use metrics::{BandsBy, Items, Measured, Origin, Span, Unit, WeekRow, WeeklyTable, weekly_table};
use model::{Json, Object, ProfileId, QueryKey, Snapshot, Week};
use store::Reader;

use crate::App;
use crate::error::Result;
use crate::figures::QueryHistory;
use crate::figures::flow::{FlowAsk, FlowFigures, weekly_rows};
use crate::figures::forecast::{ForecastAsk, Outlook};
use crate::figures::moment::MomentRule;

/// The metric type of a week's counts.
pub(crate) const WEEKS: &str = "throughput";
/// The metric type that forecasts are stored under, one a week.
pub(crate) const FORECASTS: &str = "forecast";
/// How many complete weeks are looked at.
const WEEKS_MAX: usize = 60;
/// The member that says how they were counted.
const RULE: &str = "rule";
/// The member of a forecast that says of which JQL's issues it was.
pub(crate) const JQL_HASH: &str = "jql_hash";

impl App {
    /// After a sync of a query: stores the values of complete weeks where they are not stored, or
    /// were counted in the same way and came out otherwise; and the first forecast of a week of
    /// data, to be scored when it is due. No answer writes.
    pub(crate) fn keep_figures(&self, key: &QueryKey) -> Result<()> {
        self.keep_due(key, true)
    }

    /// After an import of a list, and when a server starts: stores the first forecast of a week of data of
    /// every query, or of those of a profile. A migration leaves nothing but what it read.
    pub fn keep_forecasts(&self, of: Option<&ProfileId>) -> Result<()> {
        let reader = self.store.read()?;
        let mut keys = Vec::new();
        for profile in reader.profiles()?.iter().filter(|p| of.is_none_or(|of| p.id == *of)) {
            keys.extend(reader.queries(&profile.id)?.into_iter().map(|query| query.key));
        }
        drop(reader);
        keys.iter().try_for_each(|key| self.keep_due(key, false))
    }

    /// Nothing in the old app's own files, which a rollback promised to leave alone.
    fn keep_due(&self, key: &QueryKey, with_weeks: bool) -> Result<()> {
        if self.is_of_old_app() {
            return Ok(());
        }
        let reader = self.store.read()?;
        let history = self.history(&*reader, key, None)?;
        let items = history.items();
        let table = weekly_table(&items, history.statistics.as_ref());
        let week = Week::of(history.moment.date);
        let is_kept = |reader: &dyn Reader| -> Result<bool> {
            let stored = reader.snapshots_between(key, week..=week)?;
            Ok(stored.iter().any(|row| row.metric == FORECASTS))
        };
        let mut due = Vec::new();
        if with_weeks {
            due = weeks(&*reader, key, &history, &items)?;
        }
        let is_due = history.moment.rule == MomentRule::Fetched && !is_kept(&*reader)?;
        let record = if is_due { record(&history, &items, &table) } else { None };
        drop(reader);
        let mut metrics = record.map(serde_json::to_value).transpose()?;
        if let Some(metrics) = metrics.as_mut().and_then(serde_json::Value::as_object_mut) {
            let hash = history.header.as_ref().and_then(|header| header.jql_hash.clone());
            metrics.extend(hash.map(|hash| (JQL_HASH.to_owned(), hash.into())));
        }
        if due.is_empty() && metrics.is_none() {
            return Ok(());
        }
        let mut writer = self.store.write()?;
        // Another program may have been faster.
        if let Some(metrics) = metrics
            && !is_kept(&*writer)?
        {
            let (metric, metrics) = (FORECASTS.to_owned(), Json::from(&metrics));
            due.push(Snapshot { week, metric, metrics, forecast: None });
        }
        writer.put_snapshots(key, &due)?;
        Ok(writer.commit()?)
    }
}

/// The base forecast in the usual unit, as it is kept.
fn record(
    history: &QueryHistory,
    items: &Items<'_>,
    table: &Measured<WeeklyTable>,
) -> Option<ForecastRecord> {
    let outlook = Outlook::of(history, items, table, Unit::default());
    let assumptions = outlook.assumptions(&ForecastAsk::default());
    outlook.forecast(&assumptions, &Question::default()).record()
}

/// The complete weeks that are to be stored.
fn weeks(
    reader: &dyn Reader,
    key: &QueryKey,
    history: &QueryHistory,
    items: &Items<'_>,
) -> Result<Vec<Snapshot>> {
    let measured = weekly_table(items, None);
    let Measured::Known { value: table, rule, .. } = &measured else { return Ok(Vec::new()) };
    let rows = table.complete(Span::Last(WEEKS_MAX));
    let (Some(first), Some(last), Origin::Issues) = (rows.first(), rows.last(), table.origin)
    else {
        return Ok(Vec::new());
    };
    let stored = reader.snapshots_between(key, first.week..=last.week)?;
    let ask = FlowAsk { bands: BandsBy::Lane, ..FlowAsk::default() };
    let flow = FlowFigures::of(history, items, &measured, Span::Last(WEEKS_MAX), &ask);
    let rows = rows.iter().map(|row| snapshot(row, rule)).chain(weekly_rows(&flow));
    Ok(rows.filter(|row| is_due(row, &stored)).collect())
}

/// Whether a week is to be stored. One that was counted in another way stays as it was.
fn is_due(row: &Snapshot, stored: &[Snapshot]) -> bool {
    let is_it = |known: &&Snapshot| known.week == row.week && known.metric == row.metric;
    match stored.iter().find(is_it) {
        None => true,
        Some(known) => {
            known.metrics.get(RULE) == row.metrics.get(RULE)
                && !known.metrics.means_same(&row.metrics)
        }
    }
}

fn snapshot(row: &WeekRow, rule: &str) -> Snapshot {
    let mut metrics = Object::new();
    let amounts = [
        ("completed", Some(row.flow.done)),
        ("created", Some(row.flow.created)),
        ("cancelled", row.flow.cancelled),
        ("left", Some(row.flow.left).filter(|left| left.items > 0)),
        ("open", row.open),
    ];
    for (name, amount) in amounts {
        let Some(amount) = amount else { continue };
        metrics.set(name, Json::integer(amount.items));
        metrics.set(format!("{name}_points"), Json::float(amount.points));
    }
    metrics.set(RULE, Json::text(rule));
    Snapshot {
        week: row.week,
        metric: WEEKS.to_owned(),
        metrics: Json::Object(metrics),
        forecast: None,
    }
}
