//! Signatures against an independent reading of the published algorithm.
