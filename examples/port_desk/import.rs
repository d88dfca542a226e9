//! `import FILE.csv`: a number list becomes a draft.

use std::error::Error;
use std::io::Write;

use indicatif::{ProgressBar, ProgressStyle};
use snap_port::{
    Actor, AnyPortRequest, CarrierId, DeskError, NumberList, PortDesk, PortRequestId, Role,
};

use super::form::lines;
use super::options::Import;
use super::shown::Plain;

/// Reads the file and stores its drafts. One that is there already with the same numbers is left
/// alone, so an import that broke off is repeated as it was.
pub(crate) async fn import(
    desk: &PortDesk,
    options: &Import,
    bar: &ProgressBar,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let bytes =
        std::fs::read(&options.file).map_err(|why| format!("{}: {why}", options.file.display()))?;
    let numbers = NumberList::from_csv_bytes(&bytes, options.region).map_err(|error| {
        let lines = lines(&error).join("\n  ");
        format!("{}:\n  {lines}", options.file.display())
    })?;
    let drafts = drafts(options, &numbers)?;
    let by = Actor::new(&options.by, Role::Admin)?;
    bar.set_length(u64::try_from(numbers.len())?);
    let mut made = 0;
    for (id, numbers) in &drafts {
        made += usize::from(draft(desk, id, numbers, &by).await?);
        bar.inc(u64::try_from(numbers.len())?);
    }
    bar.finish_and_clear();
    for (id, numbers) in &drafts {
        writeln!(out, "{}: {} numbers", Plain(id.as_str()), numbers.len())?;
    }
    let found = drafts.len() - made;
    writeln!(out, "{made} drafts made, {found} were there already")?;
    Ok(())
}

/// A bar of numbers, on standard error; none where that is no terminal.
pub(crate) fn bar() -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} numbers, {elapsed}")?;
    Ok(ProgressBar::new(0).with_style(style))
}

/// The names of the drafts, and what goes into each.
fn drafts(
    options: &Import,
    numbers: &NumberList,
) -> Result<Vec<(PortRequestId, NumberList)>, Box<dyn Error>> {
    let name = match &options.request {
        Some(id) => id.clone(),
        None => {
            let stem = options.file.file_stem().and_then(|stem| stem.to_str());
            PortRequestId::parse(stem.unwrap_or_default())
                .map_err(|why| format!("the file's name names no request: {why}; give --request"))?
        }
    };
    let most = options.at_most.unwrap_or(usize::MAX);
    if numbers.len() <= most {
        return Ok(vec![(name, numbers.clone())]);
    }
    let parts = numbers.as_slice().chunks(most).zip(1_usize..);
    parts
        .map(|(part, place)| {
            let id = PortRequestId::parse(&format!("{name}-{place}"))?;
            Ok((id, NumberList::new(part.iter().copied())?))
        })
        .collect()
}

/// Makes one draft; says whether it was not there yet.
async fn draft(
    desk: &PortDesk,
    id: &PortRequestId,
    numbers: &NumberList,
    by: &Actor,
) -> Result<bool, Box<dyn Error>> {
    let new = match desk
        .start(id.clone(), CarrierId::parse("twilio")?, by.permit()?)
        .await
    {
        Ok(()) => true,
        Err(DeskError::Exists(_)) => match desk.get(id).await? {
            // A start that was not followed by its numbers.
            AnyPortRequest::Draft(draft) if draft.checklist().numbers().is_none() => true,
            request if request.numbers() == Some(numbers) => false,
            AnyPortRequest::Draft(draft) if draft.checklist().numbers() == Some(numbers) => false,
            _ => {
                let why = format!("there is a request {id} with other numbers; give --request");
                return Err(why.into());
            }
        },
        Err(error) => return Err(error.into()),
    };
    if new {
        desk.fill(id, |checklist| {
            checklist.set_numbers(numbers.clone());
        })
        .await?;
    }
    Ok(new)
}
