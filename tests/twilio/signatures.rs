//! Signatures against an independent reading of the published algorithm.

mod generated;
pub(super) mod oracle;
mod published;

use snap_port::twilio::webhook::{
    BODY_LIMIT, Forged, Genuine, SignatureKeys, Webhook, WebhookRequest,
};

use oracle::{hex, sha256, sign};

const FORM: &[u8] = b"application/x-www-form-urlencoded";
const JSON: &[u8] = b"application/json";
const TOKEN: &str = "12345";
const URL: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const CALL: &[u8] = b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212\
    &Caller=%2B14158675309";
const CALL_SIGNATURE: &str = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
const EVENT: &[u8] = br#"{"property": "value", "boolean": true}"#;

fn webhook() -> Webhook {
    Webhook::new(SignatureKeys::new(TOKEN).unwrap())
}

fn request<'r>(
    url: &'r str,
    content_type: &'r [u8],
    body: &'r [u8],
    signature: &'r str,
) -> WebhookRequest<'r> {
    WebhookRequest::new("POST", url, body)
        .header("Content-Type", content_type)
        .header("X-Twilio-Signature", signature.as_bytes())
}

fn verdict(url: &str, content_type: &[u8], body: &[u8], signature: &str) -> Result<(), Forged> {
    let request = request(url, content_type, body, signature);
    webhook().verify(&request).map(|genuine: Genuine<'_>| {
        assert_eq!(genuine.url(), url);
        assert_eq!(genuine.body(), body);
    })
}

/// `url` with the hash of `body`, as Twilio adds it.
fn hashed(url: &str, body: &[u8]) -> String {
    let mark = if url.contains('?') { '&' } else { '?' };
    format!("{url}{mark}bodySHA256={}", hex(&sha256(body)))
}

/// The pairs of a form, and the form.
fn form(pairs: &[(&str, &str)]) -> (Vec<(String, String)>, Vec<u8>) {
    let encoded: Vec<String> = pairs
        .iter()
        .map(|(name, value)| {
            let all = |text: &str| {
                text.bytes()
                    .map(|b| format!("%{b:02X}"))
                    .collect::<String>()
            };
            format!("{}={}", all(name), all(value))
        })
        .collect();
    let pairs = pairs.iter().map(|(n, v)| ((*n).into(), (*v).into()));
    (pairs.collect(), encoded.join("&").into_bytes())
}

#[test]
fn either_token_of_a_rotation_will_do_and_no_other() {
    let keys = SignatureKeys::new("primary").and_then(|keys| keys.or("secondary"));
    let webhook = Webhook::new(keys.unwrap());
    for (token, expected) in [
        ("primary", Ok(())),
        ("secondary", Ok(())),
        ("primarysecondary", Err(Forged::Mismatch)),
        ("tertiary", Err(Forged::Mismatch)),
        ("", Err(Forged::Mismatch)),
    ] {
        let signature = sign(token, URL, &[]);
        let verdict = webhook.verify(&request(URL, FORM, b"", &signature));
        assert_eq!(verdict.map(drop), expected, "{token}");
    }
}

#[test]
fn a_token_nobody_signs_with_is_refused() {
    for token in ["", " ", "12345\n", "123 45", "\u{a0}", "1\u{0}2"] {
        assert!(SignatureKeys::new(token).is_err(), "{token:?}");
        assert!(
            SignatureKeys::new("1").unwrap().or(token).is_err(),
            "{token:?}"
        );
    }
}

#[test]
fn a_signature_is_there_once_and_is_20_bytes_in_base64() {
    let bare = WebhookRequest::new("POST", URL, CALL).header("Content-Type", FORM);
    let told = |request: WebhookRequest<'_>| webhook().verify(&request).map(drop);
    assert_eq!(told(bare), Err(Forged::MissingSignature));
    for signature in [
        &b""[..],
        b"RSOYDt4T1cUTdK1PDd93/VVr8B8",
        b" RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        b"RSOYDt4T1cUTdK1PDd93/VVr8B9=",
        b"RSOYDt4T1cUTdK1PDd93_VVr8B8=",
        b"RSOYDt4T1cUTdK1PDd93/VVr8B8AAAA=",
        b"4523980ede13d5c51374ad4f0ddf77fd556bf01f",
        b"WRONG_SIGNATURE",
        b"\xFF\xFE",
    ] {
        let request = bare.header("X-Twilio-Signature", signature);
        assert_eq!(
            told(request),
            Err(Forged::MalformedSignature),
            "{signature:?}"
        );
    }
    let once = bare.header("x-twilio-signature", CALL_SIGNATURE.as_bytes());
    assert_eq!(told(once), Ok(()));
    let twice = once.header("X-TWILIO-SIGNATURE", CALL_SIGNATURE.as_bytes());
    assert_eq!(told(twice), Err(Forged::RepeatedHeader));
    assert_eq!(
        told(once.header("content-type", JSON)),
        Err(Forged::RepeatedHeader)
    );
    assert_eq!(told(once.header("X-Other", b"\xFF")), Ok(()));
}

#[test]
fn a_form_is_what_says_so() {
    for content_type in [
        &b"application/x-www-form-urlencoded; charset=UTF-8"[..],
        b"Application/X-WWW-Form-URLencoded ;charset=utf-8",
        b" application/x-www-form-urlencoded ",
    ] {
        assert_eq!(verdict(URL, content_type, CALL, CALL_SIGNATURE), Ok(()));
    }
    for content_type in [
        &b""[..],
        JSON,
        b"text/plain",
        b"application/x-www-form-urlencoded2",
        b"multipart/form-data",
        b"\xFF",
    ] {
        let told = verdict(URL, content_type, CALL, CALL_SIGNATURE);
        assert_eq!(told, Err(Forged::BodyHashMissing), "{content_type:?}");
    }
    let unsaid = WebhookRequest::new("POST", URL, CALL)
        .header("X-Twilio-Signature", CALL_SIGNATURE.as_bytes());
    assert_eq!(
        webhook().verify(&unsaid).map(drop),
        Err(Forged::BodyHashMissing)
    );
}

#[test]
fn the_hash_is_that_of_the_body_and_is_there_once() {
    let told = |url: &str, body: &[u8]| verdict(url, JSON, body, &sign(TOKEN, url, &[]));
    let url = hashed(URL, EVENT);
    assert_eq!(told(&url, EVENT), Ok(()));
    let (before, hash) = url.split_at(url.len() - 64);
    assert_eq!(
        told(&format!("{before}{}", hash.to_uppercase()), EVENT),
        Ok(())
    );
    assert_eq!(told(&url, b"{}"), Err(Forged::BodyHashMismatch));
    for hash in [
        "",
        &hash[1..],
        &format!("{hash}0"),
        &"0".repeat(64),
        &"g".repeat(64),
        &"é".repeat(32),
    ] {
        let url = format!("{before}{hash}");
        assert_eq!(told(&url, EVENT), Err(Forged::BodyHashMismatch), "{hash}");
    }
    assert_eq!(
        told(&hashed(&url, EVENT), EVENT),
        Err(Forged::BodyHashRepeated)
    );
    // An empty body is a body.
    assert_eq!(told(&hashed(URL, b""), b""), Ok(()));
    assert_eq!(told(URL, b""), Err(Forged::BodyHashMissing));
}

/// What Twilio signed for one kind of delivery must not pass as another with other content.
#[test]
fn a_delivery_cannot_be_sent_again_as_another_kind() {
    // Somebody's words in an event, written to be read as a form.
    let body = br#"{"reason":"&CallSid=CA00000000000000000000000000000000&CallStatus=completed&"}"#;
    let url = hashed(URL, body);
    let signature = sign(TOKEN, &url, &[]);
    assert_eq!(verdict(&url, JSON, body, &signature), Ok(()));
    assert_eq!(verdict(&url, FORM, body, &signature), Err(Forged::Mismatch));
    assert_eq!(
        verdict(&url, FORM, b"", &signature),
        Err(Forged::BodyHashMismatch)
    );
    let get = |url: &str, body: &[u8], signature: &str| {
        let request = WebhookRequest::new("GET", url, body)
            .header("X-Twilio-Signature", signature.as_bytes());
        webhook().verify(&request).map(drop)
    };
    assert_eq!(get(&url, b"", &signature), Err(Forged::BodyHashMismatch));
    assert_eq!(get(&url, body, &signature), Err(Forged::UnsignedBody));

    let signature = sign(TOKEN, URL, &[]);
    assert_eq!(get(URL, b"", &signature), Ok(()));
    assert_eq!(get(URL, CALL, &signature), Err(Forged::UnsignedBody));
    assert_eq!(get(URL, b"", CALL_SIGNATURE), Err(Forged::Mismatch));
    assert_eq!(
        verdict(URL, JSON, body, &signature),
        Err(Forged::BodyHashMissing)
    );
    assert_eq!(verdict(URL, FORM, CALL, &signature), Err(Forged::Mismatch));

    // A form whose URL has the hash: both count.
    let (pairs, body) = form(&[("a", "b")]);
    let url = hashed(URL, &body);
    let signature = sign(TOKEN, &url, &pairs);
    assert_eq!(verdict(&url, FORM, &body, &signature), Ok(()));
    assert_eq!(
        verdict(&url, FORM, b"a=%62", &signature),
        Err(Forged::BodyHashMismatch)
    );
}

#[test]
fn only_get_and_post_and_only_absolute_urls() {
    for method in ["", "get", "PUT", "DELETE", "HEAD", "OPTIONS", "POST "] {
        let request = WebhookRequest::new(method, URL, b"")
            .header("X-Twilio-Signature", CALL_SIGNATURE.as_bytes());
        let told = webhook().verify(&request).map(drop);
        assert_eq!(told, Err(Forged::UnsupportedMethod), "{method}");
    }
    let told = verdict("/myapp.php?foo=1&bar=2", FORM, CALL, CALL_SIGNATURE);
    assert_eq!(told, Err(Forged::UrlNotAbsolute));
}

#[test]
fn a_form_that_is_not_utf_8_is_refused_whatever_is_signed() {
    let pairs = [("a".to_owned(), "\u{FFFD}".to_owned())];
    let signature = sign(TOKEN, URL, &pairs);
    assert_eq!(verdict(URL, FORM, b"a=%EF%BF%BD", &signature), Ok(()));
    for body in [&b"a=%FF"[..], b"a=\xFF", b"a=%C3"] {
        assert_eq!(
            verdict(URL, FORM, body, &signature),
            Err(Forged::FormNotUtf8)
        );
    }
}

#[test]
fn the_limit_is_the_last_body_that_is_read() {
    let body = vec![b'&'; BODY_LIMIT + 1];
    let signature = sign(TOKEN, URL, &[]);
    assert_eq!(verdict(URL, FORM, &body[1..], &signature), Ok(()));
    let over = Forged::BodyTooLarge { limit: BODY_LIMIT };
    assert_eq!(verdict(URL, FORM, &body, &signature), Err(over));
    let small = webhook().body_limit(2);
    let told = |body| {
        small
            .verify(&request(URL, FORM, body, &signature))
            .map(drop)
    };
    assert_eq!(told(b"&&"), Ok(()));
    assert_eq!(told(b"&&&"), Err(Forged::BodyTooLarge { limit: 2 }));
}

#[test]
fn the_token_of_a_repeated_delivery_is_not_signed() {
    let signature = sign(TOKEN, URL, &[]);
    let delivery = || request(URL, FORM, b"", &signature);
    for told in [&b"once"[..], b"twice", b"\xff"] {
        let delivery = delivery().header("I-Twilio-Idempotency-Token", told);
        assert!(webhook().verify(&delivery).is_ok(), "{told:?}");
    }
    let request = delivery();
    assert_eq!(
        webhook().verify(&request).unwrap().idempotency_token(),
        None
    );
}

#[test]
fn nothing_shown_has_a_token_or_what_was_sent_in_it() {
    let keys = SignatureKeys::new("s3cr3t").and_then(|keys| keys.or("h1dden"));
    let webhook = Webhook::new(keys.clone().unwrap());
    let url = "https://user:pa55@a.example/x?p=pr1vate";
    let pairs = [("Body".to_owned(), "w0rds".to_owned())];
    let signature = sign("h1dden", url, &pairs);
    let request =
        request(url, FORM, b"Body=w0rds", &signature).header("I-Twilio-Idempotency-Token", b"once");
    let genuine = webhook.verify(&request).unwrap();
    assert_eq!(genuine.idempotency_token(), Some("once"));
    let hints = genuine.hints().unwrap();
    let forged = webhook
        .verify(&request.header("content-type", b""))
        .unwrap_err();
    let unusable = SignatureKeys::new("s3cr3t\n").unwrap_err();
    let shown = format!(
        "{keys:?} {webhook:?} {request:?} {genuine:?} {hints:?} {forged:?} {forged} {unusable:?} {unusable}"
    );
    for secret in ["s3cr3t", "h1dden", "pa55", "pr1vate", "w0rds", &signature] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("Body"), "{shown}");
}
