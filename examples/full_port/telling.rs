//! What this program shows of its port: the timeline, and what the customer and staff read.

use snap_port::testing::VirtualClock;
use snap_port::{
    Actor, AnyPortRequest, Capabilities, CarrierName, Check, CheckState, Clock, DeskView, English,
    Entry, GainingPlatform, LosingPlatform, Note, PortDesk, PortRequestId, Stage, Status, Zone,
    customer_update, work_item, work_list,
};

use crate::table::shown::Shown;
use crate::{Result, table};

/// The port this program follows, and how much of it was shown.
pub(crate) struct Port {
    pub(crate) desk: PortDesk,
    pub(crate) id: PortRequestId,
    pub(crate) clock: VirtualClock,
    pub(crate) zone: Zone,
    pub(crate) ours: GainingPlatform,
    pub(crate) under: CarrierName,
    pub(crate) can: Capabilities,
    pub(crate) told: Told,
}

/// What was shown last.
#[derive(Default)]
pub(crate) struct Told {
    entries: usize,
    stage: Option<Stage>,
    work: String,
    /// Whether something other than the timeline was shown last: a blank line sets it off.
    apart: bool,
}

impl Port {
    pub(crate) fn heading(&mut self, text: &str) {
        println!("\n\n== {text} ==");
        self.told.apart = true;
    }

    pub(crate) async fn advance(&mut self) -> Result<()> {
        self.look().await?;
        self.tell().await
    }

    /// Advances and shows what is new, without what staff are to do.
    pub(crate) async fn look(&mut self) -> Result<()> {
        if let Some(trouble) = self.desk.advance(&self.id).await?.trouble {
            println!("  ! {}", Shown(trouble));
        }
        self.tell_entries().await?;
        self.tell_customer().await
    }

    pub(crate) async fn tell(&mut self) -> Result<()> {
        self.tell_entries().await?;
        self.tell_customer().await?;
        self.tell_staff().await
    }

    async fn tell_entries(&mut self) -> Result<()> {
        let request = self.desk.get(&self.id).await?;
        let entries = request.timeline();
        if entries.len() > self.told.entries && std::mem::take(&mut self.told.apart) {
            println!();
        }
        for entry in entries.iter().skip(self.told.entries) {
            println!("  {}", Shown(self.line(entry)));
        }
        self.told.entries = entries.len();
        Ok(())
    }

    /// The customer update, if the stage is another than last time.
    async fn tell_customer(&mut self) -> Result<()> {
        let request = self.desk.get(&self.id).await?;
        let update = customer_update(&request, &self.view());
        if self.told.stage.as_ref() != Some(&update.stage) {
            let message = update.message(&English).to_string();
            println!("\n  To the customer, {}:", self.now());
            table::quote("|", &message);
            self.told.stage = Some(update.stage);
            self.told.apart = true;
        }
        Ok(())
    }

    /// The work list, if it reads otherwise than last time.
    async fn tell_staff(&mut self) -> Result<()> {
        let request = self.desk.get(&self.id).await?;
        let list = work_list(work_item(&request, &self.view()));
        let texts: Vec<String> = list.iter().map(|item| item.text(&English)).collect();
        let work = match texts.is_empty() {
            true => "nothing to do".to_owned(),
            false => texts.join("\n\n"),
        };
        if work != self.told.work {
            println!("\n  The work list, {}:", self.now());
            table::quote("#", &work);
            self.told.work = work;
            self.told.apart = true;
        }
        Ok(())
    }

    fn view(&self) -> DeskView<'_> {
        DeskView::new(&self.can, self.desk.policy(), self.clock.now())
            .with_sender(&self.ours, &self.under)
    }

    fn now(&self) -> String {
        self.zone.show(self.clock.now())
    }

    /// When, what state it led to, what happened, who says so or on what basis.
    fn line(&self, entry: &Entry<'_>) -> String {
        let when = self.zone.show(entry.occurred_at());
        let state = entry
            .enters()
            .map_or_else(String::new, |status| status.to_string());
        let whence = match (entry.basis(), entry.by()) {
            (Some(basis), _) => format!("{basis}"),
            (None, Some(by)) => format!("by {by}"),
            (None, None) => "by the desk".to_owned(),
        };
        format!("{when:<26}{state:<17}{entry} [{whence}]")
    }

    /// How far the form has come, and what stands in its way.
    pub(crate) async fn findings(&mut self) -> Result<()> {
        self.tell_entries().await?;
        let readiness = self.desk.readiness(&self.id).await?;
        let (done, of) = readiness.progress();
        println!("\n  The form: {done} of {of} parts are there.");
        for concern in readiness.concerns() {
            let weight = if concern.blocks() { "blocks" } else { "warns" };
            let said = format!("- {weight}, {}: {concern}", concern.party());
            table::quote("", &said);
        }
        self.told.apart = true;
        Ok(())
    }

    pub(crate) async fn status(&self) -> Result<Status> {
        Ok(self.desk.get(&self.id).await?.status())
    }

    /// Staff send the losing platform the reminder that the work list has ready, and note it.
    pub(crate) async fn remind(&mut self, by: &Actor) -> Result<()> {
        let item = self.desk.work_item(&self.id).await?.ok_or("work to do")?;
        let reminder = item.paste_ready.ok_or("a reminder to paste")?;
        println!("\n  {by} sends the {}:", reminder.to);
        table::quote("|", &reminder.to_string());
        let chased = Note::Chased(reminder.to);
        self.desk.note(&self.id, chased, by.permit()?).await?;
        self.told.apart = true;
        self.tell().await
    }

    /// Opens the way back, and shows its draft.
    pub(crate) async fn way_back(&mut self, by: &Actor) -> Result<()> {
        let back = PortRequestId::parse(&format!("{}-back", self.id))?;
        let ours: LosingPlatform = self.ours.name().parse()?;
        self.desk
            .reverse(&self.id, back.clone(), ours, by.permit()?)
            .await?;
        self.tell().await?;
        let request = self.desk.get(&back).await?;
        let update = customer_update(&request, &self.view());
        println!("\n  To the customer, {}:", self.now());
        table::quote("|", &update.message(&English).to_string());
        Ok(())
    }

    /// Whether campaigns may start, or what is open.
    pub(crate) async fn campaigns(&mut self) -> Result<()> {
        let AnyPortRequest::Verified(request) = self.desk.get(&self.id).await? else {
            return Err("the port is not verified".into());
        };
        println!();
        self.told.apart = true;
        match request.cleared_for_campaigns() {
            Ok(cleared) => println!(
                "  Cleared for campaigns: {} numbers.",
                cleared.numbers().len()
            ),
            Err(gaps) => table::quote("!", &gaps.to_string()),
        }
        Ok(())
    }

    pub(crate) async fn table(&mut self) -> Result<()> {
        let AnyPortRequest::Ported(request) = self.desk.get(&self.id).await? else {
            return Err("the numbers have not arrived".into());
        };
        const WIDTHS: [usize; 8] = [12; 8];
        let names = Check::ALL.map(|check| check.to_string());
        let mut cells = vec!["number"];
        cells.extend(names.iter().map(String::as_str));
        println!();
        table::head(&WIDTHS, &cells);
        for row in request.table().rows() {
            let number = row.number().to_string();
            let mut cells = vec![number.as_str()];
            cells.extend(Check::ALL.map(|check| match row.check(check) {
                CheckState::Open => "-",
                CheckState::Failed(_) => "failed",
                CheckState::Passed(_) => "ok",
                CheckState::Waived(_) => "waived",
            }));
            table::row(&WIDTHS, &cells);
        }
        self.told.apart = true;
        Ok(())
    }
}
