//! An application that has no place for refused requests.

use snap_port::AnyPortRequest;

fn label(request: &AnyPortRequest) -> &'static str {
    match request {
        AnyPortRequest::Draft(_) => "being filled in",
        AnyPortRequest::Sealed(_) => "under review",
        AnyPortRequest::Submitted(_)
        | AnyPortRequest::ReleaseApproved(_)
        | AnyPortRequest::Scheduled(_) => "with the carrier",
        AnyPortRequest::Ported(_) | AnyPortRequest::Verified(_) => "moved",
        AnyPortRequest::Cancelled(_) => "given up",
    }
}

fn main() {}
