//! Twilio's own examples, as its libraries' tests give them.

use snap_port::twilio::webhook::Forged;

use super::oracle::sign;
use super::{CALL_SIGNATURE, EVENT, FORM, JSON, TOKEN, URL, form, hashed, verdict};

#[test]
fn twilios_published_examples_hold_for_the_oracle_and_for_the_crate() {
    const CALLER: &[(&str, &str)] = &[
        ("CallSid", "CA1234567890ABCDE"),
        ("Digits", "1234"),
        ("From", "+14158675309"),
        ("To", "+18005551212"),
        ("Caller", "+14158675309"),
    ];
    const DIGITS: &[(&str, &str)] = &[
        ("Sid", "CA123"),
        ("SidAccount", "AC123"),
        ("Digits", "5678"),
        ("Digits", "1234"),
        ("Digits", "1234"),
    ];
    let reason = [
        CALLER,
        &[("ReasonConferenceEnded", "test"), ("Reason", "Participant")],
    ]
    .concat();
    let plain = &[("property", "value"), ("boolean", "true")][..];
    let http = URL.replace("https", "http");
    let with = |from: &str, to: &str| URL.replace(from, to);
    // What the request came to, what Twilio signed, the parameters, the signature.
    let published = [
        (URL.into(), URL.into(), CALLER, CALL_SIGNATURE),
        (
            with(".com", ".com:1234"),
            URL.into(),
            CALLER,
            CALL_SIGNATURE,
        ),
        (
            URL.into(),
            with(".com", ".com:443"),
            CALLER,
            "kvajT1Ptam85bY51eRf/AJRuM3w=",
        ),
        (
            http.clone(),
            http.replace(".com", ".com:80"),
            CALLER,
            "0ZXoZLH/DfblKGATFgpif+LLRf4=",
        ),
        (
            http.replace(".com", ".com:1234"),
            http.replace(".com", ".com:1234"),
            CALLER,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
        (
            with("//", "//user:pass@"),
            with("//", "//user:pass@"),
            CALLER,
            "CukzLTc1tT5dXEDIHm/tKBanW10=",
        ),
        (
            with("//", "//user@"),
            with("//", "//user@"),
            CALLER,
            "2YRLlVAflCqxaNicjMpJcSTgzSs=",
        ),
        (
            with("//", "//user:pass@"),
            with("//", "//user:pass@").replace(".com", ".com:443"),
            CALLER,
            "ZQFR1PTIZXF2MXB8ZnKCvnnA+rI=",
        ),
        (
            format!("{URL}&Body=It%27s+amazing"),
            format!("{URL}&Body=It's+amazing"),
            CALLER,
            "dsq4Ehbj6cs+KdTkpF5sSSplOWw=",
        ),
        (
            URL.into(),
            URL.into(),
            DIGITS,
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            URL.into(),
            URL.into(),
            &reason,
            "vOEb5UThFn24KEfnOFLQY2AE5FY=",
        ),
        (
            http.replace(".com", ".com:1234"),
            http.clone(),
            &reason,
            "n2xBNyzSW7rfYStDtOFiFMv7qNo=",
        ),
        (
            URL.into(),
            URL.into(),
            plain,
            "NBdBDr/T/lgjI+tlgpXjKZQZs/k=",
        ),
    ];
    for (came_to, signed, pairs, signature) in published {
        let (pairs, body) = form(pairs);
        assert_eq!(sign(TOKEN, &signed, &pairs), signature, "{signed}");
        assert_eq!(
            verdict(&came_to, FORM, &body, signature),
            Ok(()),
            "{came_to}"
        );
    }
    for (url, signature) in [
        (URL, "a9nBmqA0ju/hNViExpshrM61xv4="),
        (
            "https://mycompany.com/myapp.php",
            "y77kIzt2vzLz71DgmJGsen2scGs=",
        ),
    ] {
        let url = hashed(url, EVENT);
        assert!(url.ends_with("0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"));
        assert_eq!(sign(TOKEN, &url, &[]), signature);
        assert_eq!(verdict(&url, JSON, EVENT, signature), Ok(()));
    }
    // Sorted the other way; and no hash for a body.
    let (_, body) = form(&reason);
    let wrong = "95+Bu0JVPi0r/SsESZCVf0dWAjw=";
    assert_eq!(verdict(URL, FORM, &body, wrong), Err(Forged::Mismatch));
    let bare = verdict(URL, JSON, EVENT, CALL_SIGNATURE);
    assert_eq!(bare, Err(Forged::BodyHashMissing));
}
