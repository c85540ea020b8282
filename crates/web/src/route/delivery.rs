//! Making deliveries, changing them, and taking them away.

use app::App;
use app::delivery::{DeliveryAsk, DeliveryDraft};
use app::draft::Field;
use axum::extract::State;
use axum::response::Response;
use model::{DeliveryKey, DeliveryState, ProfileId, QueryKey};
use ui::form::FormName;
use ui::link;

use crate::ask::{Ask, At};
use crate::failure::Failure;
use crate::reply;
use crate::site::Site;
use crate::typed::{self, Typed};

/// What a new delivery begins with.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewDeliveryAsk {
    pub rule: String,
    pub query: String,
}

impl Ask for NewDeliveryAsk {
    fn set(&mut self, name: &str, value: &str) -> app::Result<()> {
        match name {
            "rule" => value.clone_into(&mut self.rule),
            "query" => value.clone_into(&mut self.query),
            _ => return Err(app::Error::unknown_parameter(name, "use rule or query")),
        }
        Ok(())
    }
}

fn page_of(key: &DeliveryKey) -> String {
    link::delivery(key.profile.as_str(), key.delivery.as_str(), &DeliveryAsk::default())
}

/// A delivery, as typed; each query is sent as `PROFILE/QUERY`.
fn draft(typed: &Typed) -> app::Result<DeliveryDraft> {
    let query = |text: &str| -> app::Result<QueryKey> {
        let (profile, query) = text.split_once('/').ok_or_else(|| typed.refuse("queries"))?;
        Ok(QueryKey::parse(profile, query)?)
    };
    let queries = typed.lines(Field::Queries.as_str());
    Ok(DeliveryDraft {
        name: typed.field(Field::Name),
        rule: typed.field(Field::Rule),
        target: typed.field(Field::Target),
        state: typed.field(Field::State),
        split: typed.field(Field::Split),
        queries: queries.iter().map(|text| query(text)).collect::<app::Result<_>>()?,
    })
}

/// Makes one; the page again where it cannot be saved.
pub(crate) async fn create(
    State(site): State<Site>,
    At(profile): At<ProfileId>,
    typed: Typed,
) -> Result<Response, Failure> {
    let form = typed.form()?;
    let of = profile.clone();
    let work = move |app: &App, typed: &Typed| match form {
        FormName::NewDelivery => Ok(page_of(&app.create_delivery(&of, &draft(typed)?)?)),
        _ => Err(typed.refuse("form")),
    };
    match typed::save(&site, form, typed, work).await? {
        Ok(done) => Ok(done),
        Err(refusal) => {
            let answer = site.blocking(move |app| app.new_delivery(&profile, "", "")).await?;
            let frame = site.frame_at(&answer.trail);
            let page = ui::page::delivery_setup::page(&answer, Some(&refusal), &frame);
            Ok(typed::refused(&refusal, reply::page(page)))
        }
    }
}

/// Changes one; the page again where it cannot be saved.
pub(crate) async fn save(
    State(site): State<Site>,
    At(key): At<DeliveryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let form = typed.form()?;
    let of = key.clone();
    let work = move |app: &App, typed: &Typed| match form {
        FormName::Edit => {
            app.edit_delivery(&of, &draft(typed)?, typed.revision()?)?;
            Ok(page_of(&of))
        }
        _ => Err(typed.refuse("form")),
    };
    match typed::save(&site, form, typed, work).await? {
        Ok(done) => Ok(done),
        Err(refusal) => {
            let answer = site.blocking(move |app| app.delivery_setup(&key)).await?;
            let frame = site.frame_at(&answer.trail);
            let page = ui::page::delivery_setup::page(&answer, Some(&refusal), &frame);
            Ok(typed::refused(&refusal, reply::page(page)))
        }
    }
}

/// Says what has become of it.
pub(crate) async fn state(
    State(site): State<Site>,
    At(key): At<DeliveryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let page = page_of(&key);
    let state = DeliveryState::parse(typed.text("state")).ok_or_else(|| typed.refuse("state"))?;
    site.blocking(move |app| app.set_delivery_state(&key, state)).await?;
    Ok(typed::lead_to(&page))
}

/// Puts it to another place in the order.
pub(crate) async fn order(
    State(site): State<Site>,
    At(key): At<DeliveryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let list = link::deliveries(key.profile.as_str());
    let place = typed.text("place").parse().map_err(|_| typed.refuse("place"))?;
    site.blocking(move |app| app.order_delivery(&key, place)).await?;
    Ok(typed::lead_to(&list))
}

/// Takes it away.
pub(crate) async fn remove(
    State(site): State<Site>,
    At(key): At<DeliveryKey>,
    typed: Typed,
) -> Result<Response, Failure> {
    let list = link::deliveries(key.profile.as_str());
    if typed.text("sure") != "yes" {
        return Err(typed.refuse("sure").into());
    }
    site.blocking(move |app| app.remove_delivery(&key)).await?;
    Ok(typed::lead_to(&list))
}
