//! Running futures without any executor.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake};
use std::thread::{self, Thread};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs a future to its end on this thread, which sleeps while the future waits: enough for a store
/// that needs no executor of its own.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Arc::new(Unpark(thread::current())).into();
    let (mut future, mut context) = (pin!(future), Context::from_waker(&waker));
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// All of `futures` at the same time, on this task: what they came to, in their order.
pub(super) async fn together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    poll_fn(|context| {
        for (future, done) in running.iter_mut().zip(&mut done) {
            if done.is_none()
                && let Poll::Ready(value) = future.as_mut().poll(context)
            {
                *done = Some(value);
            }
        }
        if done.iter().all(Option::is_some) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// Both futures at the same time, on this task.
pub(super) async fn both<A: Future, B: Future>(one: A, other: B) -> (A::Output, B::Output) {
    let (mut one, mut other) = (pin!(one), pin!(other));
    let (mut first, mut second) = (None, None);
    poll_fn(|context| {
        if first.is_none()
            && let Poll::Ready(value) = one.as_mut().poll(context)
        {
            first = Some(value);
        }
        if second.is_none()
            && let Poll::Ready(value) = other.as_mut().poll(context)
        {
            second = Some(value);
        }
        match (first.take(), second.take()) {
            (Some(one), Some(other)) => Poll::Ready((one, other)),
            (one, other) => {
                (first, second) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

/// Lets the others of [`together`] and [`both`] go first, once: a store that never waits would
/// otherwise never be asked by two at a time.
pub(super) async fn turn() {
    let mut passed = false;
    poll_fn(|context| {
        if passed {
            return Poll::Ready(());
        }
        passed = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn futures_run_turn_by_turn_and_give_their_values_in_order() {
        let seen = Mutex::new(Vec::new());
        let step = |name: char| {
            let seen = &seen;
            async move {
                for _ in 0..2 {
                    seen.lock().unwrap().push(name);
                    turn().await;
                }
                name
            }
        };
        let others = both(step('c'), async { 1 });
        let all = block_on(both(together([step('a'), step('b')]), others));
        assert_eq!(all, (vec!['a', 'b'], ('c', 1)));
        assert_eq!(*seen.lock().unwrap(), ['a', 'b', 'c', 'a', 'b', 'c']);
    }

    #[test]
    fn a_sleeping_thread_is_woken_from_another() {
        let (set, mut get) = (Arc::new(Mutex::new((false, None))), None);
        let waiting = poll_fn(|context: &mut Context<'_>| {
            let mut state = set.lock().unwrap();
            if state.0 {
                return Poll::Ready(7);
            }
            state.1 = Some(context.waker().clone());
            let set = Arc::clone(&set);
            get.get_or_insert_with(|| {
                thread::spawn(move || {
                    let mut state = set.lock().unwrap();
                    state.0 = true;
                    state.1.take().unwrap().wake();
                })
            });
            Poll::Pending
        });
        assert_eq!(block_on(waiting), 7);
        get.unwrap().join().unwrap();
    }
}
