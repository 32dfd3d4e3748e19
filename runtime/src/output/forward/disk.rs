//! What is done with the spool, on threads that may block. What comes of it is noted before the spool is let go, so
//! that nothing is counted twice or not at all at any moment.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::output::Amount;

use super::book::Begun;
use super::head::Head;
use super::notice::Loss;
use super::outcome::Outcome;
use super::payload::Payload;
use super::queue::{Entry, RouteName};
use super::spool::{Added, Done, Restored, Spool, Trouble};
use super::state::{Dropped, State};
use super::store::StoreError;
use super::worker::Shared;

/// How many times and how often a spool is asked for that another forwarder has: one that is about to end, mostly.
const TRIES: u32 = 30;
const BETWEEN: Duration = Duration::from_millis(100);

/// How long a payload stays in memory for which there is no room on the disk.
const NO_ROOM: Duration = Duration::from_mins(1);

/// Does something with the spool, and notes what came of it.
async fn with_spool<T: Send + 'static, R: Send + 'static>(
    shared: &Arc<Shared>,
    work: impl FnOnce(&mut Spool, &Shared) -> Done<T> + Send + 'static,
    note: impl FnOnce(&mut State, T) -> R + Send + 'static,
) -> Option<R> {
    let shared = Arc::clone(shared);
    let work = move || {
        let mut spool = shared.spool.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let (done, trouble) = work(&mut spool, &shared);
        let aside = match &trouble {
            Some(
                Trouble::Read(StoreError::Damaged(_)) | Trouble::Write(StoreError::Damaged(_)),
            ) => Some(spool.set_aside()),
            _ => None,
        };
        if let (Some(book), Some((lost, _))) = (&shared.book, &aside) {
            book.drop_stored(*lost);
        }
        let mut state = shared.state();
        state.queue.shelve(spool.shelves());
        if let Some(trouble) = trouble {
            complain(&mut state, &spool, &trouble);
        }
        if let Some((lost, aside)) = aside {
            tell_of_damage(&mut state, lost, &aside);
        }
        let noted = note(&mut state, done);
        if state.closed {
            spool.close();
        }
        Some(noted)
    };
    tokio::task::spawn_blocking(work).await.ok().flatten()
}

/// Reads what an earlier process has left.
pub(super) async fn open(shared: &Arc<Shared>) {
    let tries = if shared.state().disk.tried { 1 } else { TRIES };
    for _ in 0..tries {
        let open = |spool: &mut Spool, shared: &Shared| match open_all(spool, shared) {
            Err(StoreError::InUse) => (false, None),
            Err(error) => (true, Some(Trouble::Read(error))),
            Ok(()) => (true, None),
        };
        let opened = with_spool(shared, open, |state, is_known| {
            state.disk.tried |= is_known;
            state.disk.busy &= !is_known;
            is_known
        });
        if opened.await != Some(false) {
            return;
        }
        if shared.state().is_ending() {
            break;
        }
        tokio::time::sleep(BETWEEN).await;
    }
    let in_use = |_: &mut Spool, _: &Shared| ((), Some(Trouble::Read(StoreError::InUse)));
    with_spool(shared, in_use, |state, ()| {
        state.disk.tried = true;
        state.disk.busy = false;
    })
    .await;
}

/// Reads what an earlier process has left in the spool, and in its journal, and begins another journal.
fn open_all(spool: &mut Spool, shared: &Shared) -> Result<(), StoreError> {
    let Some(book) = &shared.book else { return Ok(()) };
    let mut pages = book.pages();
    let (left, fault) = match book.read(&mut pages) {
        Ok(left) => (left, None),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Err(StoreError::InUse),
        Err(error) => (None, Some(book.fault("the ledger", "cannot be used", &error))),
    };
    let known = left.is_none();
    let left = left.unwrap_or_default();
    let restored = spool.open(&left)?;
    let offset = spool.offset().filter(|_| !known);
    let begun = offset.map(|offset| {
        let begun =
            book.begin(&mut pages, left, (&restored.amounts, restored.gone.clone()), offset);
        // What came before there was a journal.
        let waiting = shared.state().queue.waiting();
        for (number, payload) in &waiting {
            pages.make(*number, payload);
        }
        begun
    });
    let mut begun = begun.unwrap_or_default();
    begun.faults.extend(fault);
    let dropped = {
        let mut state = shared.state();
        state.queue.shelve(spool.shelves());
        note_opened(&mut state, &restored, begun)
    };
    book.drop_all(&mut pages, &dropped);
    Ok(())
}

fn note_opened(state: &mut State, restored: &Restored, begun: Begun) -> Vec<Dropped> {
    state.disk_works(false);
    state.counts.restored += restored.amount();
    if restored.unreadable > 0 {
        let unreadable = restored.unreadable;
        state.tell_of_spool(format!("{unreadable} payloads in the spool cannot be read"));
    }
    begun.faults.into_iter().for_each(|fault| state.tell_of_spool(fault));
    let message =
        "it was in the memory of the process before, which was killed or had no time at its end";
    state.lose(Loss::Killed, begun.killed, message);
    state.send_again(begun.again);
    state.restore(begun.waiting)
}

/// Writes what is to go to the disk.
pub(super) async fn spill(shared: &Arc<Shared>, entries: Vec<Entry>) {
    let add = move |spool: &mut Spool, shared: &Shared| {
        // What is read after this is not found if it had to make room.
        let under_way = shared.state().queue.under_way_from_disk();
        let (added, trouble) = spool.add(&entries, &under_way);
        if let Some(book) = &shared.book {
            book.pages().store(&added.stored);
            book.drop_stored(added.dropped);
        }
        (added, trouble)
    };
    with_spool(shared, add, |state, Added { stored, no_room, dropped }| {
        state.queue.spilled(&stored, &no_room, Instant::now() + NO_ROOM);
        if !stored.is_empty() {
            state.disk_works(true);
        }
        if !no_room.is_empty() {
            let count = no_room.len();
            state.tell_of_spool(format!(
                "there is no room on the disk for {count} large payloads: they stay in memory"
            ));
        }
        state.lose(Loss::NoRoom, dropped, "the room on the disk for what waits is full");
        state.disk.busy = false;
    })
    .await;
}

/// Reads a payload.
///
/// # Errors
/// What to settle instead.
pub(super) async fn read(
    shared: &Arc<Shared>,
    route: &RouteName,
    number: u64,
) -> Result<Payload, Outcome> {
    let route = route.clone();
    let read = move |spool: &mut Spool, _: &Shared| match spool.read(&route, number) {
        Ok(Some(payload)) => (Ok(payload), None),
        Ok(None) => (Err(Outcome::Lost(Loss::Damaged)), None),
        Err(error) => (Err(Outcome::Unread), Some(Trouble::Read(error))),
    };
    with_spool(shared, read, |_, payload| payload).await.unwrap_or(Err(Outcome::Unread))
}

/// Removes a payload that has been settled, and settles it.
pub(super) async fn remove(shared: &Arc<Shared>, route: RouteName, head: Head, outcome: Outcome) {
    let name = route.clone();
    let settled = outcome.settled(head.amount);
    let remove = move |spool: &mut Spool, shared: &Shared| {
        let settled = settled.filter(|_| spool.has(&name, head));
        let (Some(book), Some(settled)) = (&shared.book, settled) else {
            return spool.remove(&name, head);
        };
        // If the process is killed after this, the next one does not send it again.
        book.settle(&mut book.pages(), head.number, settled, true);
        let done = spool.remove(&name, head);
        if spool.has_no_ghosts() {
            book.pages().leave_all();
        }
        done
    };
    with_spool(shared, remove, move |state, amount| state.settle(&route, amount, outcome)).await;
}

/// Writes what is still in memory, and lets others use the spool.
pub(super) async fn finish(shared: &Arc<Shared>) {
    if shared.spool.is_some() && !shared.state().disk.open {
        open(shared).await;
    }
    while shared.state().disk.open {
        let entries = shared.state().spill_all();
        if entries.is_empty() {
            break;
        }
        spill(shared, entries).await;
        if shared.state().disk.is_full() {
            break;
        }
    }
    // Closed it is by whatever is done with it last.
    shared.close();
    with_spool(shared, |spool, _| spool.sweep(), |_, ()| ()).await;
}

/// Lets others use the ledger and the journal.
pub(super) fn let_go(shared: &Shared) {
    let Some((book, spool)) = shared.book.as_ref().zip(shared.spool.as_ref()) else { return };
    let spool = spool.lock().unwrap_or_else(PoisonError::into_inner);
    book.finish(spool.is_empty() && spool.has_no_ghosts());
}

fn complain(state: &mut State, spool: &Spool, trouble: &Trouble) {
    let path = spool.path().display();
    let (readable, message) = match trouble {
        Trouble::Read(error) => (false, format!("the spool `{path}` cannot be read: {error}")),
        Trouble::Write(error) => (true, format!("the spool `{path}` cannot be written: {error}")),
    };
    state.disk_failed(readable, message);
}

fn tell_of_damage(state: &mut State, lost: Amount, aside: &io::Result<PathBuf>) {
    let message = match aside {
        Ok(path) => format!("a damaged spool is now `{}`", path.display()),
        Err(error) => format!("a damaged spool cannot be put aside: {error}"),
    };
    state.lose(Loss::Damaged, lost, &message);
    state.tell_of_spool(message);
}
