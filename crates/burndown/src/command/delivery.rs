//! `burndown delivery`: parts of the work that are done some day, and when that will be.

use app::App;

use app::delivery::{
    DeliveryAnswer, DeliveryAsk, DeliveryDraft, DeliveryForecast, DeliveryStanding,
};
use app::metrics::Measured;
use app::moment::MomentRule;
use model::plain::one_line;
use model::{Date, DeliveryKey, ProfileId};
use words::Front;
use words::format::{count, counted};

use crate::arguments::{self, DeliveryAction, DeliveryAt, DeliveryFields, OfQuery};
use crate::command::forecast::ahead;
use crate::failure::Result;
use crate::figures::UNKNOWN;
use crate::run::Run;
use crate::table::{Cell, Listing, Side, Table, pairs};
use crate::{figure_ask, opening, selection};

/// Lists, shows or changes deliveries.
pub fn run(run: &Run, options: &arguments::Delivery) -> Result<()> {
    let app = opening::existing(run)?;
    let profile = selection::profile_id(&app, options.profile.as_deref())?;
    let named = |delivery: &str| selection::delivery(&app, &profile, delivery);
    let key = match &options.action {
        DeliveryAction::Offer => return offer(run, &app, &profile),
        DeliveryAction::List { at } => return list(run, &app, &profile, at),
        DeliveryAction::Show { delivery, at } => {
            return show(run, &app, &named(delivery)?, &ask(at));
        }
        DeliveryAction::Add { rule, fields } => add(&app, &profile, rule, fields)?,
        DeliveryAction::Edit { delivery, rule, fields } => {
            let key = named(delivery)?;
            edit(&app, &key, rule.as_deref(), fields)?;
            key
        }
        DeliveryAction::Order { delivery, place } => {
            app.order_delivery(&named(delivery)?, *place)?;
            return list(run, &app, &profile, &DeliveryAt::default());
        }
        DeliveryAction::State { delivery, state } => {
            let key = named(delivery)?;
            app.set_delivery_state(&key, *state)?;
            key
        }
        DeliveryAction::Remove { delivery } => {
            app.remove_delivery(&named(delivery)?)?;
            return list(run, &app, &profile, &DeliveryAt::default());
        }
    };
    show(run, &app, &key, &DeliveryAsk::default())
}

impl Default for DeliveryAt {
    fn default() -> DeliveryAt {
        DeliveryAt { as_of: None, membership: DeliveryAsk::default().membership }
    }
}

fn ask(at: &DeliveryAt) -> DeliveryAsk {
    DeliveryAsk { as_of: at.as_of, membership: at.membership }
}

fn add(app: &App, profile: &ProfileId, rule: &str, fields: &DeliveryFields) -> Result<DeliveryKey> {
    let mut draft = DeliveryDraft { rule: rule.to_owned(), ..DeliveryDraft::default() };
    if let Some(offer) = app.delivery_offer(profile, rule)? {
        draft.take(offer);
    }
    fill(app, profile, fields, &mut draft)?;
    if draft.queries.is_empty() {
        let of = OfQuery { profile: Some(profile.to_string()), query: None };
        draft.queries.push(selection::key(app, &of)?);
    }
    Ok(app.create_delivery(profile, &draft)?)
}

fn edit(app: &App, key: &DeliveryKey, rule: Option<&str>, fields: &DeliveryFields) -> Result<()> {
    let setup = app.delivery_setup(key)?;
    let mut draft = setup.draft;
    if let Some(rule) = rule {
        rule.clone_into(&mut draft.rule);
    }
    fill(app, &key.profile, fields, &mut draft)?;
    Ok(app.edit_delivery(key, &draft, setup.revision)?)
}

/// Takes over what was given.
fn fill(
    app: &App,
    profile: &ProfileId,
    fields: &DeliveryFields,
    draft: &mut DeliveryDraft,
) -> Result<()> {
    let given = [
        (&fields.name, &mut draft.name),
        (&fields.target, &mut draft.target),
        (&fields.state, &mut draft.state),
        (&fields.split, &mut draft.split),
    ];
    for (given, field) in given {
        if let Some(given) = given {
            field.clone_from(given);
        }
    }
    if !fields.queries.is_empty() {
        let queries = fields.queries.iter();
        let queries = queries.map(|query| selection::query_in(app, profile, query));
        draft.queries = queries.collect::<Result<_>>()?;
    }
    Ok(())
}

fn list(run: &Run, app: &App, profile: &ProfileId, at: &DeliveryAt) -> Result<()> {
    let found = app.deliveries(profile, &ask(at))?;
    figure_ask::tell_age(run, &found.trail);
    run.output.list(&found, |found| {
        let mut table = Table::new(&[
            ("place", Side::Right),
            ("delivery", Side::Left),
            ("state", Side::Left),
            ("done", Side::Right),
            ("of", Side::Right),
            ("50 %", Side::Right),
            ("85 %", Side::Right),
            ("target", Side::Right),
            ("odds", Side::Right),
            ("id", Side::Right),
        ])
        .named(&LIST_NAMES);
        found.deliveries.iter().for_each(|answer| table.row(row(run, answer)));
        Listing::of(table, "No delivery yet. burndown delivery add RULE makes one.\n")
    })
}

fn offer(run: &Run, app: &App, profile: &ProfileId) -> Result<()> {
    run.output.list(&app.delivery_offers(profile)?, |found| {
        let mut table = Table::new(&[
            ("rule", Side::Left),
            ("about", Side::Left),
            ("open", Side::Right),
            ("of", Side::Right),
            ("release", Side::Right),
        ]);
        for offer in &found.offers {
            table.row([
                one_line(&offer.rule),
                one_line(offer.title.as_deref().unwrap_or_default()),
                count(offer.open),
                count(offer.scope),
                offer.day.map(|day| day.to_string()).unwrap_or_default(),
            ]);
        }
        Listing::of(table, "No version or epic with open items is not a delivery yet.\n")
    })
}

/// What programs know the columns of the list by.
const LIST_NAMES: [&str; 10] = [
    "place",
    "delivery",
    "state",
    "done_items",
    "scope_items",
    "p50_date",
    "p85_date",
    "target",
    "odds_percent",
    "id",
];

fn row(run: &Run, answer: &DeliveryAnswer) -> [Cell; 10] {
    let head = &answer.head;
    let standing = answer.standing.known();
    let amount = |of: fn(&DeliveryStanding) -> u64| match standing {
        Some(known) => count(of(known)).into(),
        None => UNKNOWN.into(),
    };
    let (forecast, today) = (answer.forecast.known(), today(run, answer));
    let date = |percent| forecast.map_or_else(|| "".into(), |known| date_of(known, percent, today));
    let odds = forecast.and_then(|known| known.target.as_ref()).map(|target| {
        let text = words::odds(target.odds, target.growing);
        // As the dates beside it: with growth, where there is any.
        Cell::with_data(text, target.growing.unwrap_or(target.odds).at_least_percent())
    });
    [
        head.place.to_string().into(),
        name(answer).into(),
        head.delivery_state.as_str().into(),
        amount(|standing| standing.done),
        amount(|standing| standing.scope),
        date(50),
        date(85),
        head.target.map(|day| day.to_string()).unwrap_or_default().into(),
        odds.unwrap_or_else(|| "".into()),
        head.id.clone().into(),
    ]
}

/// Its name, and what is missing of it.
fn name(answer: &DeliveryAnswer) -> String {
    let name = answer.head.name.clone();
    let lacks = words::delivery_lacks(&answer.head.queries);
    lacks.map_or_else(|| name.clone(), |lacks| format!("{name} ({lacks})"))
}

/// A day, for programs nothing where there is none.
fn date_of(forecast: &DeliveryForecast, percent: u32, today: Option<Date>) -> Cell {
    if forecast.assumes.is_empty() {
        return Cell::with_data("done", "");
    }
    let date = forecast.date(percent);
    Cell::with_data(seen(date, today), date.map(|date| date.to_string()).unwrap_or_default())
}

fn show(run: &Run, app: &App, key: &DeliveryKey, ask: &DeliveryAsk) -> Result<()> {
    let found = app.delivery(key, ask)?;
    figure_ask::tell_age(run, &found.trail);
    run.output.answer(&found, |found| text(run, &found.answer))
}

fn text(run: &Run, answer: &DeliveryAnswer) -> String {
    let head = &answer.head;
    let since = answer.as_of.and_then(|moment| {
        words::as_of(&moment, answer.stale.as_ref(), (run.surroundings.clock)())
    });
    let first = since.into_iter().chain([head.name.clone(), sentence(answer)]);
    let first: Vec<String> = first.map(|said| one_line(&said)).collect();
    let mut text = format!("{}\n\n", first.join(": "));
    let mut facts = vec![("rule", head.rule.clone())];
    facts.push(("state", format!("{}, number {}", head.delivery_state.as_str(), head.place)));
    if let Measured::Known { value, .. } = &answer.standing {
        let (done, scope) = (count(value.done), counted(value.scope, "item", "items"));
        facts.push(("done", format!("{done} of {scope}; {} open", count(value.remaining))));
    }
    for query in &head.queries {
        let name = one_line(&query.name);
        let gone =
            if query.is_gone { " (not there any more, so nothing of it counts)" } else { "" };
        facts.push(("query", format!("{name} ({}){gone}", query.key)));
    }
    if let Some(moment) = answer.as_of {
        facts.push(("as of", words::format::day(moment.date)));
    }
    if let Some(forecast) = answer.forecast.known() {
        if let Some(target) = &forecast.target {
            facts.push(("target", words::statement(&target.sentence)));
        }
        if !forecast.assumes.is_empty() {
            facts.push(("assumes", words::delivery_assumes(&forecast.assumes)));
        }
    }
    if let Some(score) = &answer.score {
        facts.push(("held", words::delivery_score(score)));
    }
    text.push_str(&pairs(&facts, &run.output.head));
    if let Some(forecast) = answer.forecast.known().filter(|known| !known.percentiles.is_empty()) {
        text.push('\n');
        text.push_str(&dates(run, forecast, today(run, answer)));
    }
    if !answer.over_time.is_empty() {
        text.push('\n');
        text.push_str(&over_time(run, answer));
    }
    text
}

/// The day it is, unless a past one was asked for.
fn today(run: &Run, answer: &DeliveryAnswer) -> Option<Date> {
    let is_asked = answer.as_of.is_some_and(|moment| moment.rule == MomentRule::Asked);
    let now = (run.surroundings.clock)();
    (!is_asked).then(|| run.surroundings.zone.to_datetime(now).date())
}

fn seen(date: Option<Date>, today: Option<Date>) -> String {
    date.map_or_else(|| "not in sight".to_owned(), |date| ahead(date, today))
}

/// What would have been said at the ends of past weeks.
fn over_time(run: &Run, answer: &DeliveryAnswer) -> String {
    let columns = [
        ("said on", Side::Right),
        ("done", Side::Right),
        ("of", Side::Right),
        ("50 %", Side::Right),
        ("85 %", Side::Right),
    ];
    let mut table = Table::new(&columns);
    for said in &answer.over_time {
        let (done, scope) = (count(said.done), count(said.scope));
        table.row([
            said.date.to_string(),
            done,
            scope,
            seen(said.half, None),
            seen(said.likely, None),
        ]);
    }
    table.into_text(run.output.width, &run.output.head)
}

fn sentence(answer: &DeliveryAnswer) -> String {
    match &answer.forecast {
        Measured::Known { value, .. } => words::statement(&value.sentence),
        Measured::Unavailable { reason, remedy } => {
            words::unknown(reason, *remedy, Front::Terminal)
        }
    }
}

fn dates(run: &Run, forecast: &DeliveryForecast, today: Option<Date>) -> String {
    let columns =
        [("likely", Side::Right), ("done by", Side::Right), ("what is in it now", Side::Right)];
    let mut table = Table::new(&columns);
    for said in &forecast.percentiles {
        table.row([format!("{} %", said.percent), seen(said.date, today), seen(said.alone, today)]);
    }
    table.into_text(run.output.width, &run.output.head)
}
