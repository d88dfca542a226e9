//! Pages for people: the work list, a port, logging in. No script runs in them; words from elsewhere
//! are escaped, for HTML by the template and for the eye before: what turns the direction of writing
//! is shown as its code.

mod port;
mod sheet;
mod sheets;

use std::fmt::Display;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use maud::{DOCTYPE, Markup, html};
use snap_port::{English, Party, PasteReady, Phrases as _, Urgency, WorkItem, WorkList};

use super::super::form::{Problem, stored_name};
use super::super::shown::Plain;
use super::body::{in_path, whole};
use super::gate::{STAFF, Session};
use super::refused::Refused;
use super::{App, is_staff, named, papers, person, read_id, see_other};
use sheet::Ground;

pub(super) use port::port;

/// So many items of the work list are on a page.
const ON_A_PAGE: usize = 50;

/// Words from elsewhere, on one line and without power over how others are shown.
pub(crate) fn plain(words: impl Display) -> String {
    Plain(&words.to_string()).to_string()
}

/// The same as part of a page. A word that is written from right to left stands alone: what follows
/// it, a count say, stays where it was.
pub(crate) fn words(words: impl Display) -> Markup {
    let plain = plain(words);
    let mut parts = Vec::new();
    let mut rest = plain.as_str();
    while let Some(from) = rest.find(is_right_to_left) {
        let (before, turned) = rest.split_at(from);
        // The search ends where this word does: one to the end of the text, for each word anew,
        // would take the square of its length.
        let ends = turned.find(|c: char| c.is_ascii_alphanumeric());
        let within = &turned[..ends.unwrap_or(turned.len())];
        let last = within.char_indices().rfind(|(_, c)| is_right_to_left(*c));
        let until = last.map_or(0, |(at, c)| at + c.len_utf8());
        let (turned, after) = turned.split_at(until);
        parts.push((before, turned));
        rest = after;
    }
    html! {
        @for (before, turned) in parts { (before) bdi { (turned) } }
        (rest)
    }
}

/// The scripts that are: Hebrew, Arabic, and what Unicode keeps beside them.
fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

fn page(status: StatusCode, title: &str, who: Option<&Session>, body: &Markup) -> Response {
    let html = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (plain(title)) " · Port desk" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#main" { "To the content" }
                header {
                    nav aria-label="Main" {
                        @if who.is_some() { a href="/" { "Work list" } }
                        @else { span { "Port desk" } }
                    }
                    @if let Some(who) = who {
                        form.button method="post" action="/logout" {
                            (words(&who.actor))
                            input type="hidden" name="form_key" value=(who.form_key);
                            button type="submit" { "Log out" }
                        }
                    }
                }
                main #main { h1 { (words(title)) } (body) }
            }
        }
    };
    let kind = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, kind, html.into_string()).into_response()
}

fn problems(problems: &[Problem]) -> Markup {
    html! {
        @if !problems.is_empty() {
            div.problems role="alert" {
                ul {
                    @for problem in problems {
                        li {
                            @if !problem.field.is_empty() { b { (words(&problem.field)) ": " } }
                            (words(&problem.why))
                        }
                    }
                }
            }
        }
    }
}

/// Where people log in.
pub(super) fn login(status: StatusCode, wrong: &[Problem]) -> Response {
    let body = html! {
        (problems(wrong))
        form.sheet method="post" action="/login" {
            label { "Your name" input type="text" name="name" required autocomplete="name"; }
            label {
                "Your role"
                select name="role" {
                    @for role in STAFF { option value=(stored_name(&role)) { (role) } }
                }
            }
            label {
                "The desk's token"
                input type="password" name="token" required autocomplete="current-password";
            }
            button type="submit" { "Log in" }
        }
    };
    page(status, "Log in", None, &body)
}

/// What could not be done, with a way back.
pub(super) fn refused(who: &Session, id: Option<&str>, refused: &Refused) -> Response {
    let back = id.map_or("/".to_owned(), |id| format!("/ports/{}", in_path(id)));
    let body = html! {
        (problems(&refused.problems))
        p { "Nothing after this was done. " a href=(back) { "Back" } }
    };
    page(refused.status, "This cannot be done", Some(who), &body)
}

/// The work list.
pub(super) async fn work(State(app): State<Arc<App>>, head: HeaderMap, uri: Uri) -> Response {
    let Some(who) = person(&app, &head) else {
        return see_other("/login");
    };
    let read = async {
        let party = named(&uri, "party", Party::from_name)?;
        let from = whole(&uri, "from")?.unwrap_or(0);
        Ok::<_, Refused>((party, from, app.desk.work_list(party).await?))
    };
    match read.await {
        Ok((party, from, list)) => {
            let body = listed(&app, &who, party, from, &list);
            page(StatusCode::OK, "Work list", Some(&who), &body)
        }
        Err(why) => refused(&who, None, &why),
    }
}

fn listed(app: &App, who: &Session, party: Option<Party>, from: usize, list: &WorkList) -> Markup {
    let total = list.items.len();
    let shown: Vec<&WorkItem> = list.items.iter().skip(from).take(ON_A_PAGE).collect();
    let place = |from: usize| match party {
        None => format!("/?from={from}"),
        Some(party) => format!("/?party={}&from={from}", party.name()),
    };
    html! {
        nav.parties aria-label="Who is awaited" {
            a href="/" aria-current=[party.is_none().then_some("page")] { "everybody" }
            @for one in Party::ALL {
                a href=(format!("/?party={}", one.name()))
                    aria-current=[(party == Some(one)).then_some("page")] { (one) }
            }
        }
        @for (id, why) in &list.unreadable {
            div.problems role="alert" {
                p { b { (words(id)) } " cannot be read, and nothing happens to it: " (words(why)) }
            }
        }
        @if total == 0 { p { "There is nothing to do." } }
        @for urgency in Urgency::ALL {
            @let items: Vec<_> = shown.iter().filter(|item| item.urgency == urgency).collect();
            @if !items.is_empty() {
                section {
                    h2 class=(super::view::urgency(urgency)) { (heading(urgency)) }
                    @for item in items { (entry(app, who, item)) }
                }
            }
        }
        @if total > 0 {
            p.pages {
                (from.min(total) + 1) " to " (from.saturating_add(shown.len()).min(total)) " of " (total) ". "
                @if from > 0 { a href=(place(from.saturating_sub(ON_A_PAGE))) { "Before" } " " }
                @if from.saturating_add(shown.len()) < total {
                    a href=(place(from + ON_A_PAGE)) { "After" }
                }
            }
        }
    }
}

fn heading(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Emergency => "Emergency: harm is near",
        Urgency::Overdue => "Overdue",
        Urgency::Alarm => "Alarm: silence for days, or not as it should be",
        Urgency::ChaseDue => "Remind somebody",
        Urgency::Now => "To do",
        Urgency::Waiting => "Others are to act",
    }
}

fn entry(app: &App, who: &Session, item: &WorkItem) -> Markup {
    let ground = Ground {
        id: &item.request,
        form_key: &who.form_key,
        zone: &app.zone,
    };
    html! {
        article {
            h3 {
                a href=(format!("/ports/{}", in_path(item.request.as_str()))) {
                    (words(&item.request))
                }
                " " span.state { (item.status) }
            }
            (told(item))
            (pasted(item.paste_ready.as_ref()))
            @if is_staff(&who.actor) {
                div.acts {
                    (claims(&ground, item, who))
                    @for sheet in sheets::next(&item.waiting.what) { (sheet.show(&ground)) }
                }
            }
        }
    }
}

/// What is next, and everything that is said of it.
fn told(item: &WorkItem) -> Markup {
    let details = [
        English.trouble(item),
        English.particulars(item),
        Some(English.transfer(item)),
        Some(English.waits(item)),
        English.due(item),
        Some(English.if_missed(item)),
        English.tickets(item),
        English.reminders(item),
        English.claim(item),
    ];
    let details: Vec<String> = details.into_iter().flatten().collect();
    html! {
        p.next { (words(English.next_action(item))) }
        ul.details {
            @for line in details.iter().flat_map(|text| text.lines()) { li { (words(line)) } }
        }
    }
}

fn claims(ground: &Ground<'_>, item: &WorkItem, who: &Session) -> Markup {
    match &item.claimed_by {
        Some(claim) if claim.by == who.actor => sheet::button(ground, "unclaim", "Give it up"),
        // Whoever takes it from another says first that the other does not work on it any more.
        Some(_) => sheet::button(ground, "unclaim", "End that claim"),
        None => sheet::button(ground, "claim", "Claim it"),
    }
}

/// A text to be sent as it is: it alone is shown with all it holds.
fn pasted(paste: Option<&PasteReady>) -> Markup {
    html! {
        @if let Some(paste) = paste {
            details.paste {
                summary { "Text to send to the " (paste.to) }
                label { "Subject" input type="text" readonly value=(paste.subject) dir="auto"; }
                label { "Body" textarea readonly rows="14" dir="auto" { "\n" (paste.body) } }
            }
        }
    }
}

/// One of a request's documents, to be saved, never shown in place.
pub(super) async fn document(
    State(app): State<Arc<App>>,
    Path((id, place)): Path<(String, usize)>,
    head: HeaderMap,
) -> Response {
    let Some(who) = person(&app, &head) else {
        return see_other("/login");
    };
    let read = async {
        let request = app.desk.get(&read_id(&id)?).await?;
        let gone = || Refused::new(StatusCode::NOT_FOUND, "there is no such document");
        let file = port::documents(&request)
            .into_iter()
            .nth(place)
            .ok_or_else(gone)?;
        let source = app.documents.as_ref().ok_or_else(gone)?;
        let bytes = papers::fetch(source, file).await;
        bytes.map_err(|why| Refused::new(StatusCode::NOT_FOUND, why))
    };
    match read.await {
        Ok(bytes) => {
            let kind = (CONTENT_TYPE, "application/octet-stream");
            let saved = (CONTENT_DISPOSITION, "attachment; filename=\"document\"");
            ([kind, saved], bytes).into_response()
        }
        Err(why) => refused(&who, Some(&id), &why),
    }
}
