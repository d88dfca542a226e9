//! Many calls under way at once, without tasks: dropping the whole drops every call.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// Starts a future per item, at most `at_once` at a time, and gives their results in the order of
/// the items.
pub(super) async fn side_by_side<I, F: Future>(
    items: impl IntoIterator<Item = I>,
    at_once: usize,
    mut start: impl FnMut(I) -> F,
) -> Vec<F::Output> {
    let mut waiting = items.into_iter().enumerate();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut done = Vec::new();
    poll_fn(|context| {
        loop {
            while running.len() < at_once.max(1) {
                let Some((place, item)) = waiting.next() else {
                    break;
                };
                running.push((place, Box::pin(start(item))));
            }
            if running.is_empty() {
                return Poll::Ready(());
            }
            let before = done.len();
            running.retain_mut(|(place, future)| match future.as_mut().poll(context) {
                Poll::Ready(result) => {
                    done.push((*place, result));
                    false
                }
                Poll::Pending => true,
            });
            if done.len() == before {
                return Poll::Pending;
            }
        }
    })
    .await;
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn so_many_run_at_once_and_results_keep_their_order() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let results = side_by_side(0..20_usize, 4, |item| {
            let (running, most) = (&running, &most);
            async move {
                let now = running.fetch_add(1, Ordering::Relaxed) + 1;
                most.fetch_max(now, Ordering::Relaxed);
                for _ in 0..(20 - item) % 5 {
                    tokio::task::yield_now().await;
                }
                running.fetch_sub(1, Ordering::Relaxed);
                item
            }
        })
        .await;
        assert_eq!(results, (0..20).collect::<Vec<_>>());
        assert_eq!(most.into_inner(), 4);
        assert!(side_by_side([(); 0], 4, |()| async {}).await.is_empty());
    }
}
