//! The page of one room.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use reelroom_domain::{
    check::Checks,
    recording::RecordingState,
    room::RoomId,
    time::Timestamp,
    view::{Presence, RoomView},
};

use super::{
    address::room_in,
    alerts::{AlertBanners, Mends},
    always::AlwaysFacts,
    banners::{Banners, TakenNote},
    form::StartPanel,
    label::{LabelMenu, Star},
    now::NowCard,
    people::{Facts, People},
    presets::PresetDeeds,
    progress::Progress,
    recent::Recent,
    steps::{History, Tracks},
};
use crate::{
    action::action,
    components::{CopyButton, Empty, Glyph, Icon, Load, PageTitle, SkeletonShape, StateTag, Time},
    i18n::{t, use_i18n},
    in_app::InApp,
    live::Changes,
    paths, platform,
    server_fns::{
        CheckRecording, GiveUpRecording, LabelRoom, MarkAlways, SayStopped, StartRecording,
        StopRecording, load_room,
    },
    words::TimeStyle,
};

/// The id of the room's name.
const NAME: &str = "room-name";

/// So long after a deed the page still changes because of it.
const ACTED_MILLIS: i64 = 3000;

/// The page of the room in the address.
#[component]
pub fn RoomPage() -> impl IntoView {
    let path = use_location().pathname;
    let in_app = InApp::expect();
    // On the way to another page the path is that page's already.
    let room = Memo::new(move |last: Option<&String>| {
        let here = path.with(|path| room_in(path));
        here.or_else(|| last.cloned()).unwrap_or_default()
    });
    view! {
        <PageTitle text=room />
        // Each room begins anew: nothing typed for one is left in the form of another.
        {move || match RoomId::new(room.get()) {
            Ok(room) => view! { <OneRoom app=in_app.get() room=room /> }.into_any(),
            Err(_) => view! { <BadRoom /> }.into_any(),
        }}
    }
}

/// In place of a room whose id cannot be one.
#[component]
fn BadRoom() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            glyph=Glyph::Alert
            title=say!(i18n, rooms.panel.bad)
            text=say!(i18n, rooms.panel.bad_text)
        >
            <a class="btn" href=InApp::expect().to("/")>
                {say!(i18n, rooms.panel.back)}
            </a>
        </Empty>
    }
}

/// What the parts of the panel look at and can do.
#[derive(Clone, Copy)]
pub struct Room {
    /// What is known of the room; new after each change.
    pub view: Signal<RoomView>,
    /// The recording that the panel is about, if there is one.
    pub progress: Memo<Option<Progress>>,
    /// Our looks for signs of it, while nobody knows whether it runs.
    pub looks: Memo<Option<Checks>>,
    /// Whether the reader may start and stop.
    pub may_record: bool,
    /// What can be done.
    pub deeds: Deeds,
}

/// What can be done in a room.
#[derive(Clone, Copy)]
pub struct Deeds {
    /// Starts a recording.
    pub start: ServerAction<StartRecording>,
    /// Stops one.
    pub stop: ServerAction<StopRecording>,
    /// Checks for signs of one of which nothing is known.
    pub check: ServerAction<CheckRecording>,
    /// Closes one of which nothing is known.
    pub give_up: ServerAction<GiveUpRecording>,
    /// Says that one has stopped whose stop was not confirmed.
    pub say_stopped: ServerAction<SayStopped>,
    /// Keeps what people say of the room.
    pub label: ServerAction<LabelRoom>,
    /// Marks it as always recorded, or not.
    pub always: ServerAction<MarkAlways>,
    /// What can be done about what the watchdog found.
    pub mends: Mends,
    /// What can be done with presets.
    pub presets: PresetDeeds,
}

impl Deeds {
    fn new() -> Self {
        let stop = action();
        Self {
            start: action(),
            stop,
            check: action(),
            give_up: action(),
            say_stopped: action(),
            label: action(),
            always: action(),
            mends: Mends::new(stop),
            presets: PresetDeeds::new(),
        }
    }

    /// Grows with each deed that is done: then the room is looked at again, also where live changes
    /// do not come through.
    fn done(self) -> usize {
        self.start.version().get()
            + self.stop.version().get()
            + self.check.version().get()
            + self.give_up.version().get()
            + self.say_stopped.version().get()
            + self.label.version().get()
            + self.always.version().get()
            + self.mends.start.version().get()
            + self.mends.dismiss.version().get()
            + self.presets.done()
    }
}

impl Room {
    fn new(view: Signal<RoomView>, deeds: &Deeds) -> Self {
        Self {
            view,
            progress: Memo::new(move |last: Option<&Option<Progress>>| {
                view.with(|view| progress_in(view, last.and_then(Option::as_ref)))
            }),
            looks: Memo::new(move |_| {
                view.with(|view| view.current.as_ref().and_then(|current| current.checks))
            }),
            may_record: view.with_untracked(|view| view.role.may_record()),
            deeds: *deeds,
        }
    }

    /// Our id of the room's app, for the forms.
    pub fn app_id(self) -> String {
        self.view.with_untracked(|view| view.app.id.to_string())
    }

    /// The state of the recording that the panel is about.
    pub fn state(self) -> Option<RecordingState> {
        self.progress
            .with(|progress| progress.as_ref().map(|p| p.row.state))
    }
}

/// The recording that the panel is about: the room's own, or the one that was just there and is
/// ready now.
fn progress_in(view: &RoomView, last: Option<&Progress>) -> Option<Progress> {
    if let Some(current) = &view.current {
        return Some(current.into());
    }
    let last = last?;
    view.recent
        .iter()
        .find(|row| row.id == last.row.id && row.state == RecordingState::Ready)
        .map(|row| Progress {
            row: row.clone(),
            ..last.clone()
        })
}

#[component]
fn OneRoom(app: String, room: RoomId) -> impl IntoView {
    let changes = Changes::expect();
    let deeds = Deeds::new();
    let name = room.to_string();
    let answer = Resource::new(
        move || (changes.of_room(&room), deeds.done()),
        move |_| load_room(name.clone(), app.clone()),
    );
    view! {
        <Load from=answer skeleton=SkeletonShape::Form let:view>
            <Panel view=view deeds=deeds />
        </Load>
    }
}

#[component]
fn Panel(view: Signal<RoomView>, deeds: Deeds) -> impl IntoView {
    let room = Room::new(view, &deeds);
    provide_context(room);
    let main = Memo::new(move |_| main_of(room.state()));
    keep_focus(&room);
    view! {
        <article class="panel" aria-label=move || view.with(|view| view.room.to_string())>
            <PanelHead />
            <div class="panel-b scroll">
                <TakenNote />
                <Banners />
                <AlertBanners />
                <NowCard />
                <div class="main-col">
                    {move || match main.get() {
                        Main::Form if room.may_record => view! { <StartPanel /> }.into_any(),
                        Main::Form => view! { <OnlyLook /> }.into_any(),
                        Main::Tracks => view! { <Tracks /> }.into_any(),
                        Main::History => view! { <History /> }.into_any(),
                    }}
                </div>
                <aside class="aside">
                    <People view=view />
                    <Facts view=view />
                    <AlwaysFacts view=view />
                </aside>
                <Recent view=view />
            </div>
        </article>
    }
}

/// What a person pressed goes away with what it did: then the room's name has the focus, so that keys
/// go on from there. What others do moves nobody's focus.
fn keep_focus(room: &Room) {
    let room = *room;
    let acted = StoredValue::new(None::<Timestamp>);
    Effect::new(move |before: Option<usize>| {
        let done = room.deeds.done();
        room.state();
        if before.is_some_and(|before| before != done) {
            acted.set_value(platform::browser_now());
        }
        let since = acted.get_value().zip(platform::browser_now());
        if since.is_some_and(|(acted, now)| now.since(acted) < ACTED_MILLIS) {
            platform::focus_if_lost(NAME);
        }
        done
    });
}

/// In place of the form, for an account that may not start a recording.
#[component]
fn OnlyLook() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Empty
            glyph=Glyph::Lock
            title=say!(i18n, rooms.panel.look_only)
            text=say!(i18n, rooms.panel.look_only_text)
        />
    }
}

/// What stands in the middle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Main {
    Form,
    Tracks,
    History,
}

fn main_of(state: Option<RecordingState>) -> Main {
    match state {
        Some(RecordingState::Unknown) => Main::History,
        Some(state) if state.is_active() => Main::Tracks,
        _ => Main::Form,
    }
}

#[component]
fn PanelHead() -> impl IntoView {
    let i18n = use_i18n();
    let room: Room = expect_context();
    let id = room.view.with_untracked(|view| view.room.clone());
    let name = move || {
        room.view
            .with(|view| view.label.name(&view.room).to_owned())
    };
    let in_app = InApp::expect();
    let library = {
        let id = id.clone();
        move || paths::library(&in_app.get(), "", id.as_str(), "")
    };
    let presence = Memo::new(move |_| room.view.with(|view| view.presence));
    // What is ready needs nothing more: the room itself is live or idle again.
    let state = Memo::new(move |_| room.state().filter(|state| *state != RecordingState::Ready));
    view! {
        <header class="panel-h">
            <a
                class="btn quiet icon back"
                href=move || in_app.to("/")
                aria-label=say!(i18n, rooms.panel.back)
            >
                <Icon glyph=Glyph::Left />
            </a>
            <h1 id=NAME tabindex="-1" title=id.to_string()>
                {name}
            </h1>
            {move || {
                let current = state.get().map(|state| (state, Timestamp::from_millis(0)));
                view! { <RoomTag presence=presence.get() current=current large=true /> }
            }}
            <span class="sub">{move || people_since(presence.get())}</span>
            {room
                .may_record
                .then(|| {
                    view! {
                        <Star />
                        <LabelMenu />
                    }
                })}
            <a class="btn quiet" href=library>
                <Icon glyph=Glyph::Library />
                {say!(i18n, rooms.panel.recordings)}
            </a>
            <CopyButton
                text=Signal::stored(id.to_string())
                label=say!(i18n, rooms.panel.copy)
            />
        </header>
    }
}

fn people_since(presence: Presence) -> AnyView {
    let i18n = use_i18n();
    match presence {
        Presence::Empty => ().into_any(),
        Presence::Live { people, since } => {
            let time = move || view! { <Time at=since style=TimeStyle::Clock /> };
            if people == 1 {
                t!(i18n, rooms.panel.person_since, time).into_any()
            } else {
                t!(i18n, rooms.panel.people_since, n = people, time).into_any()
            }
        }
    }
}

/// The state of a room: of its unfinished recording, else whether a meeting is on.
#[component]
pub fn RoomTag(
    /// Whether a meeting is on.
    presence: Presence,
    /// The unfinished recording's state, and since when.
    current: Option<(RecordingState, Timestamp)>,
    /// For the panel's head: larger, and without a timer, which stands below.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let i18n = use_i18n();
    if let Some((state, since)) = current {
        let since = Some(since).filter(|_| !large);
        return view! { <StateTag state=state since=since large=large /> }.into_any();
    }
    let class = if large { "pill lg" } else { "pill" };
    match presence {
        Presence::Live { .. } => view! {
            <span class=class data-tone="ok">
                <Icon glyph=Glyph::Users />
                <span>{say!(i18n, common.state.live)}</span>
            </span>
        }
        .into_any(),
        Presence::Empty => view! {
            <span class=class data-tone="plain">
                <Icon glyph=Glyph::Idle />
                <span>{say!(i18n, common.state.idle)}</span>
            </span>
        }
        .into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_stands_wherever_the_room_is_free() {
        for state in RecordingState::ALL {
            assert_eq!(
                main_of(Some(state)) == Main::Form,
                !state.is_active(),
                "{state:?}"
            );
        }
        assert_eq!(main_of(None), Main::Form);
    }
}
