//! Forms of settings: a field for each kind, tables of names to be ticked, and what is wrong.

use app::settings::{
    Change, Fault, Kind, Noun, Origin, ProfileSettings, Section, Seen, Setting, SettingsDraft,
    SettingsPage, TOKEN,
};
use maud::{Markup, html};
use model::connection::{ADDRESS_CHARACTERS_MAX, Auth};
use words::format;
use words::setting::{hint, label};

use crate::part;

/// A form of settings that could not be saved. It never holds a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsRefusal {
    section: Section,
    typed: Vec<(&'static str, Vec<String>)>,
    faults: Vec<Fault>,
    /// What is said where the profile was changed meanwhile.
    conflict: Option<String>,
}

impl SettingsRefusal {
    /// Why a form was not saved; `None` where the error is not about what was typed.
    pub fn of(
        section: Section,
        draft: &SettingsDraft,
        error: &app::Error,
    ) -> Option<SettingsRefusal> {
        let (faults, conflict) = match error {
            app::Error::Settings { faults } => (faults.clone(), None),
            app::Error::ChangedMeanwhile { .. } => (Vec::new(), Some(error.to_string())),
            _ => return None,
        };
        let lines = |change: &Change| match change {
            Change::Set(lines) | Change::Shown(lines) | Change::Add(lines) => lines.clone(),
            Change::Unset | Change::Remove(_) => Vec::new(),
        };
        let typed = draft.values.iter().map(|(setting, change)| (setting.name, lines(change)));
        Some(SettingsRefusal { section, typed: typed.collect(), faults, conflict })
    }

    /// Whether what is stored changed meanwhile, rather than fields being wrong.
    pub fn is_conflict(&self) -> bool {
        self.conflict.is_some()
    }
}

/// The form of one section.
#[derive(Debug, Clone, Copy)]
pub struct SettingForm<'f> {
    answer: &'f SettingsPage,
    section: Section,
    refusal: Option<&'f SettingsRefusal>,
}

impl<'f> SettingForm<'f> {
    /// The form of a section; a refusal of another one does not concern it.
    pub fn new(
        answer: &'f SettingsPage,
        section: Section,
        refusal: Option<&'f SettingsRefusal>,
    ) -> SettingForm<'f> {
        let refusal = refusal.filter(|refusal| refusal.section == section);
        SettingForm { answer, section, refusal }
    }

    /// The whole form: `fields`, and a button that sends them to `action`.
    pub fn draw(&self, action: &str, fields: &Markup) -> Markup {
        let wrong = self.refusal.map_or(0, |refusal| refusal.faults.len());
        html! {
            form.fields method="post" action=(action) {
                input type="hidden" name="section" value=(self.section.as_str());
                input type="hidden" name="revision" value=(self.answer.list.revision);
                @if let Some(message) = self.refusal.and_then(|refusal| refusal.conflict.as_ref()) {
                    p.strip role="alert" { (format::sentence(message)) }
                }
                @if wrong > 0 {
                    p.strip role="alert" { "Nothing was saved: " (format::counted(wrong as u64, "field needs", "fields need")) " another value." }
                }
                (fields)
                button type="submit" { "Save" }
            }
        }
    }

    /// Whether this form was sent and could not be saved.
    pub fn is_refused(&self) -> bool {
        self.refusal.is_some()
    }

    /// Whether the profile has its own value of the setting of that name.
    pub fn has_own(&self, name: &str) -> bool {
        Setting::find(name).is_some_and(|setting| self.answer.list.is_chosen(setting))
    }

    /// The fields of all settings of the section that are not ticked in a table.
    pub fn fields(&self) -> Markup {
        let plain = |setting: &&Setting| {
            !matches!(setting.kind, Kind::Names(_) | Kind::Ordered(_) | Kind::Lanes)
        };
        html! { @for setting in self.section.settings().filter(plain) { (self.field(setting)) } }
    }

    fn field(&self, setting: &Setting) -> Markup {
        html! {
            @if setting.kind == Kind::Weekdays {
                (self.weekdays(setting))
            } @else {
                label { (label(setting)) (self.input(setting)) }
            }
            p.soft.fine id=(hint_id(setting.name)) { (hint(setting)) (self.remark(setting)) (self.origin(setting)) }
            (self.said(setting))
        }
    }

    /// What the old app took where that is something else.
    fn remark(&self, setting: &Setting) -> Markup {
        let old = self.answer.list.old_window_weeks.filter(|_| setting.name == "window");
        let old = old.filter(|old| self.answer.list.lines(setting) != [old.to_string()]);
        html! { @if let Some(weeks) = old { " The old app was set to " (weeks) "." } }
    }

    fn input(&self, setting: &Setting) -> Markup {
        let lines = self.lines(setting);
        let line = lines.first().map_or("", String::as_str);
        let described = self.described_by(setting.name);
        let wrong = self.fault(setting.name).map(|_| "true");
        let (name, focus) = (setting.name, wrong.is_some());
        let options: &[(&str, &str)] = match setting.kind {
            Kind::Switch => &[("on", "on"), ("off", "off")],
            Kind::Authentication => &CHOICES,
            Kind::Percent => &PERCENT_CHOICES,
            Kind::CycleTimeStart => &[("last", "last"), ("first", "first")],
            _ => &[],
        };
        html! {
            @if !options.is_empty() {
                select name=(name) aria-describedby=(described) aria-invalid=[wrong] autofocus[focus] {
                    @for (value, text) in options { option value=(value) selected[line == *value] { (text) } }
                }
            } @else if setting.kind.is_list() {
                textarea name=(name) rows="3" aria-describedby=(described) aria-invalid=[wrong] autofocus[focus] { (lines.join("\n")) }
            } @else {
                input name=(name) type=(input_type(setting.kind)) value=(line) maxlength=(ADDRESS_CHARACTERS_MAX)
                    placeholder=[self.usual(setting)] autocomplete="off" spellcheck="false"
                    aria-describedby=(described) aria-invalid=[wrong] autofocus[focus];
            }
        }
    }

    /// What is in force where nothing is typed.
    fn usual(&self, setting: &Setting) -> Option<String> {
        match setting.kind {
            Kind::Zone => self.answer.list.usual_time_zone.clone(),
            _ => setting.field(&ProfileSettings::usual()).lines().pop(),
        }
    }

    fn weekdays(&self, setting: &Setting) -> Markup {
        let lines = self.lines(setting);
        html! {
            fieldset aria-describedby=(self.described_by(setting.name)) {
                legend { (label(setting)) }
                @for (day, text) in WEEKDAYS {
                    label.check {
                        input type="checkbox" name=(setting.name) value=(day) checked[lines.iter().any(|line| line == day)];
                        " " (text)
                    }
                }
            }
        }
    }

    /// The field for a token: it takes one in and never shows one.
    pub fn token(&self) -> Markup {
        let fault = self.fault(TOKEN);
        let has_token = self.answer.list.has_token;
        html! {
            label {
                "Token"
                input type="password" name=(TOKEN) autocomplete="off" aria-describedby=(self.described_by(TOKEN))
                    aria-invalid=[fault.map(|_| "true")] autofocus[fault.is_some()];
            }
            p.soft.fine id=(hint_id(TOKEN)) {
                @if has_token { "A token is stored; left empty, it stays. " } @else { "No token is stored. " }
                "It is kept beside the database, for your eyes only, and never shown. Where the address leads to another server, "
                "the stored token is forgotten unless you give a new one here."
            }
            (self.why(TOKEN))
            (crate::form::allow_http(false))
            @if has_token {
                label.check { input type="checkbox" name="forget-token" value="yes"; " Forget the stored token" }
            }
        }
    }

    /// Names that occur or are set, a line each, with a box for every setting that can name them.
    pub fn table(&self, noun: Noun, id: &str) -> Markup {
        let names = self.answer.evidence.names(noun);
        // The usual list is long; what never occurred is folded away where it is more than a few.
        let seen = names.iter().filter(|name| name.is_seen).count();
        let shown = if names.len() - seen > UNSEEN_MAX { seen } else { names.len() };
        let (shown, folded) = names.split_at(shown);
        html! {
            @if names.is_empty() {
                (part::unavailable("Nothing to choose from yet.", "Names come with the issues that are fetched."))
            } @else if shown.is_empty() {
                (part::unavailable("The issues name none.", "Those that were fetched by the old app never do."))
            } @else { (part::scrolling(id, &self.rows(noun, shown, id))) }
            @if !folded.is_empty() {
                details.more {
                    summary { (format::counted(folded.len() as u64, "name", "names")) " on the list that never occurred" }
                    (self.ticks(noun, folded))
                }
            }
            @for setting in self.lists(noun) { (self.said(setting)) }
        }
    }

    fn lists(&self, noun: Noun) -> impl Iterator<Item = &'static Setting> {
        self.section.settings().filter(move |setting| setting.kind == Kind::Names(noun))
    }

    fn rows(&self, noun: Noun, names: &[Seen], id: &str) -> Markup {
        html! {
            table.wide.ticks aria-labelledby=(id) {
                thead { tr {
                    th scope="col" { (noun_word(noun)) }
                    th.num scope="col" { "Issues now" }
                    @if noun == Noun::Status { th.num scope="col" { "Times entered" } }
                    @for setting in self.lists(noun) { th.tick scope="col" title=(hint(setting)) { (label(setting)) (self.origin(setting)) } }
                } }
                tbody { @for seen in names { tr {
                    th scope="row" { (name_cell(seen, noun)) }
                    td.num { (format::count(seen.now)) }
                    @if noun == Noun::Status { td.num { (format::count(seen.entered)) } }
                    @for setting in self.lists(noun) { td.tick { (self.tick(setting, seen)) } }
                } } }
            }
        }
    }

    fn is_checked(&self, setting: &Setting, seen: &Seen) -> bool {
        match self.typed(setting) {
            Some(typed) => typed.contains(&seen.name),
            None => self.answer.list.is_named(setting, &seen.name),
        }
    }

    /// Names that never occurred, below each list that they are on: they can be taken off it.
    fn ticks(&self, noun: Noun, names: &[Seen]) -> Markup {
        html! {
            @for setting in self.lists(noun) {
                @let listed: Vec<&Seen> = names.iter().filter(|seen| self.is_checked(setting, seen)).collect();
                @if !listed.is_empty() {
                    fieldset {
                        legend { (label(setting)) (self.origin(setting)) }
                        @for seen in listed { label.check { input type="checkbox" name=(setting.name) value=(seen.name) checked; " " (seen.label()) } " " }
                    }
                }
            }
        }
    }

    fn tick(&self, setting: &Setting, seen: &Seen) -> Markup {
        let is_checked = self.is_checked(setting, seen);
        html! {
            // What never occurred can be taken off a list, and has no business on another.
            @if seen.is_seen || is_checked {
                input type="checkbox" name=(setting.name) value=(seen.name) checked[is_checked]
                    aria-label=(format!("{}: {}", seen.label(), label(setting)));
            }
        }
    }

    /// Where a value comes from that nobody chose.
    fn origin(&self, setting: &Setting) -> Markup {
        let value = self.answer.list.value(setting).filter(|value| !value.value.is_empty());
        html! {
            @match value.map(|value| value.origin) {
                Some(Origin::Proposed) => { " " span.chip.quiet { "from Jira" } },
                Some(Origin::Usual) => { " " span.chip.quiet { "usual" } },
                Some(Origin::Chosen) | None => {},
            }
        }
    }

    /// What was typed, else what is in force.
    fn lines(&self, setting: &Setting) -> &[String] {
        self.typed(setting).unwrap_or_else(|| self.answer.list.lines(setting))
    }

    /// What was typed for the setting of that name, if the form was refused.
    pub fn typed_of(&self, name: &str) -> Option<&[String]> {
        self.typed(Setting::find(name)?)
    }

    /// What is wrong with the setting of that name.
    pub fn faults(&self, name: &str) -> Markup {
        html! { @if let Some(setting) = Setting::find(name) { (self.said(setting)) } }
    }

    fn typed(&self, setting: &Setting) -> Option<&[String]> {
        let found = self.refusal?.typed.iter().find(|(name, _)| *name == setting.name);
        found.map(|(_, lines)| lines.as_slice())
    }

    fn fault(&self, name: &str) -> Option<&Fault> {
        self.refusal?.faults.iter().find(|fault| fault.name == name)
    }

    fn described_by(&self, name: &str) -> String {
        match self.fault(name) {
            Some(_) => format!("{} {}", why_id(name), hint_id(name)),
            None => hint_id(name),
        }
    }

    fn why(&self, name: &str) -> Markup {
        html! {
            @if let Some(fault) = self.fault(name) { p.wrong id=(why_id(name)) { (format::sentence(&fault.why.to_string())) } }
        }
    }

    /// What is wrong with a field, or what is stored where that is not what was typed.
    fn said(&self, setting: &Setting) -> Markup {
        let is_conflict = self.refusal.is_some_and(SettingsRefusal::is_conflict);
        let stored = self.answer.list.lines(setting);
        let is_other = self.typed(setting).is_some_and(|typed| !is_same(typed, stored));
        html! {
            (self.why(setting.name))
            @if is_conflict && is_other {
                p.soft.fine {
                    (label(setting)) ", saved meanwhile: "
                    @if stored.is_empty() { "nothing" } @else { q { (stored.join(", ")) } }
                }
            }
        }
    }
}

/// Names that never occurred and are shown all the same.
const UNSEEN_MAX: usize = 5;

const WEEKDAYS: [(&str, &str); 7] = [
    ("mon", "Mon"),
    ("tue", "Tue"),
    ("wed", "Wed"),
    ("thu", "Thu"),
    ("fri", "Fri"),
    ("sat", "Sat"),
    ("sun", "Sun"),
];

/// [`model::settings::PERCENTS`], as they are told.
const PERCENT_CHOICES: [(&str, &str); 4] =
    [("50", "50 %"), ("70", "70 %"), ("85", "85 %"), ("95", "95 %")];

/// The kinds of authentication, and none chosen, as in settings of the old app.
const CHOICES: [(&str, &str); 4] = {
    let [bearer, basic, none] = Auth::ALL;
    [("", "Not chosen: a personal access token if one is stored"), bearer, basic, none]
};

fn is_same(typed: &[String], stored: &[String]) -> bool {
    let lines = |lines: &[String]| {
        let mut lines: Vec<String> = lines.iter().map(|line| line.trim().to_owned()).collect();
        lines.retain(|line| !line.is_empty());
        lines.sort();
        lines
    };
    lines(typed) == lines(stored)
}

fn hint_id(name: &str) -> String {
    format!("{name}-hint")
}

fn why_id(name: &str) -> String {
    format!("{name}-why")
}

fn input_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Day => "date",
        Kind::Address => "url",
        Kind::Email => "text",
        _ => "text",
    }
}

fn noun_word(noun: Noun) -> &'static str {
    match noun {
        Noun::Status => "Status",
        Noun::Resolution => "Resolution",
        Noun::IssueType => "Type",
        Noun::Project => "Project",
    }
}

fn name_cell(seen: &Seen, noun: Noun) -> Markup {
    html! {
        @if noun == Noun::Status { (part::status(Some(&seen.name), seen.category.as_deref())) } @else { (seen.label()) }
        @if !seen.is_seen { " " span.chip.quiet { "never seen" } }
        @else if seen.category.is_some() { " " span.soft.fine { (part::category(seen.category.as_deref())) } }
    }
}
