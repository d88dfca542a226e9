//! The proof that campaigns may be launched is read from a file.

use snap_port::ClearedForCampaigns;

fn read(json: &str) -> ClearedForCampaigns {
    serde_json::from_str(json).unwrap()
}

fn main() {}
