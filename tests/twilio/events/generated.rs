//! Whatever JSON and whatever bytes: hints or a refusal, no panic.

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use serde_json::Value;
use snap_port::twilio::webhook::Hint;

use super::{AC, CA, PN, SM, of_body};

fn anything() -> impl Strategy<Value = Value> {
    let name = select(vec![
        "type",
        "data",
        "id",
        "time",
        "phonenumber",
        "timestamp",
        "updateddate",
        "failurereason",
        "CallSid",
        "CallStatus",
        "MessageSid",
        "ErrorCode",
        "From",
        "x",
        "",
    ]);
    let kind = "com.twilio.messaging.compliance.number-registration.";
    let text = prop_oneof![
        "\\PC{0,12}",
        "-?[0-9]{1,22}(\\.[0-9]{0,3})?",
        select(vec![
            CA,
            SM,
            PN,
            AC,
            "",
            "+14155552671",
            "Tue, 24 Nov 2026 03:29:58 +0000"
        ])
        .prop_map(str::to_owned),
        select(vec!["", "failed", "é"]).prop_map(move |end| format!("{kind}{end}")),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 8, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..5).prop_map(Value::from),
            btree_map(name.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 600,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(6),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_json_is_read_alike_twice(value in anything()) {
        let body = value.to_string();
        let read = of_body(body.as_bytes());
        prop_assert_eq!(read.is_ok(), value.is_array() || value.is_object());
        let again = of_body(body.as_bytes());
        prop_assert_eq!(&read, &again);
        let keys = |hints: Result<Vec<Hint>, _>| hints.map(|all| all.iter().map(Hint::key).collect::<Vec<_>>());
        prop_assert_eq!(keys(read), keys(again));
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in vec(any::<u8>(), 0..80)) {
        let _ = of_body(&body);
    }
}
