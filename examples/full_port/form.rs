//! What the customer hands in: the list, the papers, and whom to ask.

use std::path::Path;

use chrono::NaiveDate;
use snap_port::{
    AddressForm, AuthorizedPerson, CustomerName, Destination, DirectoryDocuments, DocumentFile,
    DocumentSource, EnglishLetter, LetterOfAuthorization, Locator, LosingAccount, LosingPlatform,
    NumberList, PaperSize, PdfStyle, PlatformGuide, Region, ServiceAddress,
};

use crate::telling::Port;
use crate::{Result, table};

/// The list, and what its numbers need in the gaining account.
pub(crate) fn numbers(folder: &Path) -> Result<NumberList> {
    let text = std::fs::read_to_string(folder.join("numbers.csv"))?;
    let numbers = NumberList::from_csv(&text, Some(Region::US))?;
    println!("  {} numbers read from numbers.csv", numbers.len());
    for need in numbers.needs() {
        table::quote("-", &need.to_string());
    }
    Ok(numbers)
}

/// Describes the uploaded letter and bill: size, digest, and where they are kept.
pub(crate) async fn documents_of(
    source: &DirectoryDocuments,
) -> Result<(DocumentFile, DocumentFile)> {
    let mut files = Vec::new();
    for name in ["letter.pdf", "bill.pdf"] {
        let bytes = source.read(&Locator::parse(name)?).await?;
        let file = DocumentFile::describe(name, name, &bytes)?;
        println!("  {name}: {} bytes, SHA-256 {}", file.size(), file.sha256());
        files.push(file);
    }
    let bill = files.pop().ok_or("a bill")?;
    let letter = files.pop().ok_or("a letter")?;
    Ok((letter, bill))
}

/// What is known of the platform that is to approve the transfer, each with its source.
pub(crate) fn guide(platform: &LosingPlatform) {
    println!("\n  What is known of {platform}:");
    for fact in PlatformGuide::of(platform).facts() {
        let source = format!("- {fact} ({}, {})", fact.source(), fact.as_of());
        table::quote("", &source);
    }
}

/// The letter for Ann to sign.
pub(crate) fn authorization(
    port: &Port,
    numbers: &NumberList,
    losing: LosingAccount,
    destination: Destination,
) -> Result<LetterOfAuthorization> {
    let address = ServiceAddress::parse(&AddressForm {
        street: "500 Pine Street".to_owned(),
        city: "Oakland".to_owned(),
        region: "CA".to_owned(),
        postal_code: "94612".to_owned(),
        country: "US".to_owned(),
    })?;
    Ok(LetterOfAuthorization::builder()
        .customer(CustomerName::new("Blue Door Dental")?)
        .address(address)
        .authorized(AuthorizedPerson::new("Ann Rivera")?.with_title("Owner")?)
        .numbers(numbers.clone())
        .losing(losing)
        .gaining(port.ours.clone())
        .destination(destination)
        .carrier(port.under.clone())
        .build())
}

/// How the letter begins, and the pages to sign.
pub(crate) fn print(letter: &LetterOfAuthorization) -> Result<()> {
    let text = letter.text(&EnglishLetter);
    table::quote("|", &text.lines().take(12).collect::<Vec<_>>().join("\n"));
    let pdf = letter.pdf(&EnglishLetter, &PdfStyle::new(PaperSize::UsLetter))?;
    println!(
        "  ({} lines; as PDF {} bytes; code {})",
        text.lines().count(),
        pdf.len(),
        letter.list_code()
    );
    Ok(())
}

pub(crate) fn day(text: &str) -> Result<NaiveDate> {
    Ok(text.parse()?)
}
