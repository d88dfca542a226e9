//! One port: where it stands, what was told, its numbers, its history, and what can be done.

use axum::http::{StatusCode, Uri};
use axum::response::Response;
use maud::{Markup, html};
use snap_port::{
    AcceptedEvent, AnyPortRequest, Check, CheckState, DocumentFile, English, Message, NumberTable,
    PortRequestId, Readiness, WorkItem,
};

use super::super::body::{in_path, whole};
use super::super::gate::Session;
use super::super::refused::Refused;
use super::super::{App, is_staff, read_id};
use super::sheet::{self, Ground};
use super::sheets;
use super::{claims, page, pasted, refused, told, words};

/// So many entries of a history are on a page.
const ENTRIES: usize = 50;
/// So many numbers are shown at most; the rest are counted.
const NUMBERS: usize = 500;

/// Everything a page shows.
struct Shown {
    request: AnyPortRequest,
    item: Option<WorkItem>,
    update: Message,
    readiness: Option<Readiness>,
    from: usize,
    events: Vec<AcceptedEvent>,
}

/// The page of a port.
pub(crate) async fn port(app: &App, who: &Session, id: &str, uri: &Uri) -> Response {
    let read = async {
        let id = read_id(id)?;
        let request = app.desk.get(&id).await?;
        let entries = request.history_len();
        let last = entries.saturating_sub(ENTRIES);
        let from = whole(uri, "from")?.unwrap_or(last);
        let readiness = match request {
            AnyPortRequest::Draft(_) | AnyPortRequest::Sealed(_) => {
                app.desk.readiness(&id).await.ok()
            }
            _ => None,
        };
        Ok::<_, Refused>(Shown {
            item: app.desk.work_item(&id).await?,
            update: app.desk.customer_update(&id).await?.message(&English),
            events: app.desk.timeline(&id, from, ENTRIES).await?,
            request,
            readiness,
            from,
        })
    };
    match read.await {
        Ok(shown) => {
            let body = shown.body(app, who);
            page(StatusCode::OK, &format!("Port {id}"), Some(who), &body)
        }
        Err(why) => refused(who, None, &why),
    }
}

impl Shown {
    fn body(&self, app: &App, who: &Session) -> Markup {
        let request = &self.request;
        let ground = Ground {
            id: request.id(),
            form_key: &who.form_key,
            zone: &app.zone,
        };
        html! {
            p {
                span.state { (request.status()) }
                " since " (app.zone.show(request.since()))
                @if let Some(order) = request.order() { ", order " b { (words(order)) } }
            }
            @if let Some(item) = &self.item {
                section {
                    h2 { "What is next" }
                    (told(item))
                    (pasted(item.paste_ready.as_ref()))
                    @if is_staff(&who.actor) { div.acts { (claims(&ground, item, who)) } }
                }
            }
            @if is_staff(&who.actor) {
                @let sheets = sheets::all(request);
                @if !sheets.is_empty() {
                    section {
                        h2 { "State what happened" }
                        div.acts { @for sheet in sheets { (sheet.show(&ground)) } }
                    }
                }
            }
            @if let Some(readiness) = &self.readiness {
                (ready(readiness, Some(&ground).filter(|_| is_staff(&who.actor))))
            }
            section {
                h2 { "What the customer is told" }
                blockquote {
                    p { b { (words(&self.update.subject)) } }
                    @for line in &self.update.body { p { (words(line)) } }
                }
            }
            (numbers(request))
            (papers(app, request))
            (self.history(app))
        }
    }

    fn history(&self, app: &App) -> Markup {
        let id = in_path(self.request.id().as_str());
        let total = self.request.history_len();
        let until = self.from.saturating_add(self.events.len());
        html! {
            section {
                h2 { "History" }
                @if self.from > 0 {
                    p { a href=(format!("/ports/{id}?from={}", self.from.saturating_sub(ENTRIES))) { "Earlier" } }
                }
                div.wide tabindex="0" role="region" aria-label="History" {
                    table {
                        thead { tr { th { "When" } th { "What" } th { "State" } th { "Says who" } } }
                        tbody {
                            @for event in &self.events {
                                @let entry = event.entry();
                                tr {
                                    td.when { (app.zone.show(entry.occurred_at())) }
                                    td { (words(entry)) }
                                    td { @if let Some(status) = entry.enters() { span.state { (status) } } }
                                    td {
                                        @match (entry.basis(), entry.by()) {
                                            (Some(basis), _) => (words(basis)),
                                            (None, Some(by)) => (words(by)),
                                            (None, None) => "the desk",
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                @if until < total {
                    p { a href=(format!("/ports/{id}?from={until}")) { "Later" } }
                }
            }
        }
    }
}

/// What is wrong with the form; whoever has `ground` may override rules of the policy.
fn ready(readiness: &Readiness, ground: Option<&Ground<'_>>) -> Markup {
    let (done, of) = readiness.progress();
    html! {
        section {
            h2 { "The form" }
            p { (done) " of " (of) " parts are there." }
            @if !readiness.concerns().is_empty() {
                div.wide tabindex="0" role="region" aria-label="The form" {
                    table {
                        thead { tr { th { "Part" } th { "Weight" } th { "What is wrong" } th { "What to do" } th { "Who" } } }
                        tbody {
                            @for concern in readiness.concerns() {
                                tr {
                                    td { (concern.part()) }
                                    td { @if concern.blocks() { "blocks" } @else { "warns" } }
                                    td { (words(concern.reason())) }
                                    td {
                                        (words(concern.remedy()))
                                        @if let Some((sheet, ground)) = sheets::overriding(concern).zip(ground) {
                                            (sheet.show(ground))
                                        }
                                    }
                                    td { (concern.party()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn numbers(request: &AnyPortRequest) -> Markup {
    let Some(numbers) = request.numbers() else {
        return html! {};
    };
    let more = numbers.len().saturating_sub(NUMBERS);
    html! {
        section {
            h2 { "Numbers (" (numbers.len()) ")" }
            @match request.table() {
                Some(table) => (checked(&table)),
                None => ul.numbers {
                    @for number in numbers.iter().take(NUMBERS) { li { (sheet::number(*number)) } }
                },
            }
            @if more > 0 { p { "and " (more) " more" } }
        }
    }
}

fn checked(table: &NumberTable) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Numbers" {
            table {
                thead {
                    tr {
                        th { "Number" }
                        th { "Arrived" }
                        @for check in Check::ALL { th { (check) } }
                        th { "Alerts" }
                    }
                }
                tbody {
                    @for row in table.rows().iter().take(NUMBERS) {
                        tr {
                            th scope="row" { (sheet::number(row.number())) }
                            td {
                                @match (row.arrived(), row.elsewhere()) {
                                    (_, Some(account)) => span.bad { "in " (words(account.masked())) },
                                    (Some(_), None) => "yes",
                                    (None, None) => "no",
                                }
                            }
                            @for check in Check::ALL { td { (state(row.check(check))) } }
                            td {
                                @for (id, text) in row.open_alerts() {
                                    p { b { (words(id)) } ": " (words(text)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn state(state: &CheckState) -> Markup {
    html! {
        @match state {
            CheckState::Open => span.open { "open" },
            CheckState::Passed(_) => span.good { "passed" },
            CheckState::Waived(why) => { "waived: " (words(why)) },
            CheckState::Failed(why) => span.bad { "failed: " (words(why)) },
        }
    }
}

/// The documents of a request, in the order they are numbered in.
pub(super) fn documents(request: &AnyPortRequest) -> Vec<&DocumentFile> {
    match request {
        AnyPortRequest::Draft(draft) => {
            let form = draft.checklist();
            let letter = form.loa().map(|letter| letter.file());
            let proofs = form.proofs().iter().map(|proof| proof.file());
            letter.into_iter().chain(proofs).collect()
        }
        AnyPortRequest::Sealed(r) => r.package().files().chain(r.added_documents()).collect(),
        AnyPortRequest::Submitted(r) => r.package().files().chain(r.added_documents()).collect(),
        AnyPortRequest::ReleaseApproved(r) => {
            r.package().files().chain(r.added_documents()).collect()
        }
        AnyPortRequest::Scheduled(r) => r.package().files().chain(r.added_documents()).collect(),
        AnyPortRequest::Ported(r) => r.package().files().chain(r.added_documents()).collect(),
        AnyPortRequest::Verified(r) => r.package().files().chain(r.added_documents()).collect(),
        AnyPortRequest::Rejected(_) | AnyPortRequest::Cancelled(_) => Vec::new(),
    }
}

fn papers(app: &App, request: &AnyPortRequest) -> Markup {
    let files = documents(request);
    let id: &PortRequestId = request.id();
    html! {
        @if !files.is_empty() {
            section {
                h2 { "Documents" }
                ul {
                    @for (place, file) in files.iter().enumerate() {
                        li {
                            @if app.documents.is_some() {
                                a href=(format!("/ports/{}/documents/{place}", in_path(id.as_str()))) {
                                    (words(file.name()))
                                }
                            } @else { (words(file.name())) }
                            ", " (words(file.media_type())) ", " (file.size()) " bytes"
                        }
                    }
                }
            }
        }
    }
}
