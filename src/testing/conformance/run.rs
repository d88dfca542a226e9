//! Running futures without any executor.

use std::future::{Future, poll_fn};
use std::pin::pin;
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

/// Lets the other futures of the task go first, once: a store that never waits would otherwise never
/// be asked by two at a time.
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

    use futures_util::future::join;

    use super::*;

    #[test]
    fn futures_of_a_task_take_turns() {
        let seen = Mutex::new(Vec::new());
        let steps = |name: char| {
            let seen = &seen;
            async move {
                for _ in 0..2 {
                    seen.lock().unwrap().push(name);
                    turn().await;
                }
            }
        };
        block_on(join(steps('a'), steps('b')));
        assert_eq!(*seen.lock().unwrap(), ['a', 'b', 'a', 'b']);
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
