//! The far end's words: read in any spelling, and kept as they may be shown.

use serde_json::json;
use snap_port::twilio::{
    AccountStatus, CallSid, CallStatus, CampaignStatus, MessageSid, MessageStatus,
};

use super::other::{THEM, ends, sid, told, us};

#[tokio::test]
async fn what_a_far_end_puts_into_its_words_is_not_shown() {
    let odd = format!(
        "\u{202E}{THEM}\n https://me:s3cret@x/?s3cret {}",
        "x".repeat(9999)
    );
    let why = json!({"phone_number": "+14155550100", "portable": false, "not_portable_reason": odd,
        "number_type": odd, "country": odd});
    let (number, _) = ends();
    let said = told(&why).await.portability(number, &us()).await.unwrap();
    let results = json!({"results": [{"phone_number": "+14155550100", "eligibility_status": odd,
        "eligibility_sub_status": odd, "ineligibility_reason": odd, "next_step": odd,
        "inventory_status": odd}]});
    let second = told(&results)
        .await
        .eligibility(&us(), number)
        .await
        .unwrap();
    let row = json!({"sid": sid("CA", 1), "status": odd, "direction": odd});
    let call = CallSid::parse(&sid("CA", 1)).unwrap();
    let call = told(&row).await.call(&us(), &call).await.unwrap();
    let row = json!({"sid": sid("SM", 1), "status": odd, "direction": odd, "body": odd});
    let message = MessageSid::parse(&sid("SM", 1)).unwrap();
    let message = told(&row).await.message(&us(), &message).await.unwrap();
    assert_eq!(
        message.body, odd,
        "the words of people are left as they are"
    );
    for shown in [
        format!("{said:?}"),
        format!("{second:?}"),
        format!("{call:?} {}", call.status),
        format!("{message:?} {}", message.status),
    ] {
        for bad in ["s3cret", THEM, "\n", "\\n", "202e", "\u{202E}"] {
            assert!(!shown.contains(bad), "{bad:?} in {shown}");
        }
        assert!(shown.len() < 2500, "{shown}");
    }
}

/// Ways to write a word that are shown as the word.
fn clothes(word: &str) -> [String; 5] {
    [
        word.to_uppercase(),
        word.replace(['_', '-'], " "),
        format!(" {word}\n"),
        format!("\u{202E}{word}\u{2066}"),
        format!("{word}\0\u{2028}"),
    ]
}

#[test]
fn what_is_shown_as_a_known_word_is_that_word() {
    for word in ["active", "suspended", "closed"] {
        let plain = AccountStatus::from_word(word);
        for odd in clothes(word) {
            assert_eq!(AccountStatus::from_word(&odd), plain, "{odd:?}");
        }
    }
    for word in [
        "queued",
        "in-progress",
        "completed",
        "no-answer",
        "canceled",
    ] {
        let plain = CallStatus::from_word(word);
        for odd in clothes(word) {
            assert_eq!(CallStatus::from_word(&odd), plain, "{odd:?}");
        }
    }
    for word in ["sent", "delivered", "undelivered", "partially_delivered"] {
        let plain = MessageStatus::from_word(word);
        for odd in clothes(word) {
            assert_eq!(MessageStatus::from_word(&odd), plain, "{odd:?}");
        }
    }
    for word in ["PENDING", "IN_PROGRESS", "VERIFIED", "FAILED"] {
        let plain = CampaignStatus::from_word(word);
        for odd in clothes(word) {
            assert_eq!(CampaignStatus::from_word(&odd), plain, "{odd:?}");
        }
    }
}

#[test]
fn a_word_that_is_kept_is_read_as_itself() {
    let long = "delivered ".repeat(99);
    for odd in [
        "",
        "on hold",
        "on\nhold",
        THEM,
        "https://x/?s3cret",
        "\u{202E}",
        &long,
    ] {
        let kept = MessageStatus::from_word(odd);
        assert!(matches!(kept, MessageStatus::Other(_)), "{odd:?}");
        assert_eq!(MessageStatus::from_word(kept.as_str()), kept, "{odd:?}");
        assert!(kept.as_str().chars().count() <= 64, "{odd:?}");
    }
}
