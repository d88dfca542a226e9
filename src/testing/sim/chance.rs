//! Chance that repeats: everything random is a hash of the seed and of what it is asked for, so it
//! does not depend on the order in which it is asked.

/// A number that looks random and is the same for the same seed and keys (splitmix64).
pub(super) fn roll(seed: u64, keys: &[u64]) -> u64 {
    keys.iter()
        .fold(mix(seed), |state, key| mix(state ^ mix(*key)))
}

fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keys_roll_the_same_and_others_spread() {
        assert_eq!(roll(7, &[1, 2]), roll(7, &[1, 2]));
        assert_ne!(roll(7, &[1, 2]), roll(7, &[2, 1]));
        assert_ne!(roll(7, &[1, 2]), roll(8, &[1, 2]));
        // The first output of the reference splitmix64 with seed 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        let below_half = (0..1_000).filter(|key| roll(7, &[*key]) % 100 < 50).count();
        assert!((400..600).contains(&below_half), "{below_half}");
    }
}
