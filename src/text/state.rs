//! What each class of characters does to a token: the rules, in one table.

use super::chars::Class;

/// What has been read of the current token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing: between tokens.
    Closed,
    /// A run of letters, digits and marks.
    Run,
    /// A run and an apostrophe, which is dropped if the run goes on.
    Apostrophe,
    /// A letter of a script without spaces, and its marks.
    Single,
}

/// What to do with a character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// It ends the token that there is.
    pub(super) ends: bool,
    /// It is added to the token, after that to a new one.
    pub(super) adds: bool,
    pub(super) next: State,
}

impl State {
    /// What a normalised and folded character of this class does in this state.
    #[inline]
    pub(super) fn step(self, class: Class) -> Step {
        STEPS[self as usize][class as usize]
    }
}

const STEPS: [[Step; CLASSES.len()]; STATES.len()] = {
    let mut steps = [[step(State::Closed, Class::Separator); CLASSES.len()]; STATES.len()];
    let mut i = 0;
    while i < STATES.len() * CLASSES.len() {
        let (state, class) = (STATES[i / CLASSES.len()], CLASSES[i % CLASSES.len()]);
        steps[state as usize][class as usize] = step(state, class);
        i += 1;
    }
    steps
};

const STATES: [State; 4] = [State::Closed, State::Run, State::Apostrophe, State::Single];
const CLASSES: [Class; 6] =
    [Class::Separator, Class::Run, Class::Single, Class::Mark, Class::Apostrophe, Class::Ignorable];

const fn step(state: State, class: Class) -> Step {
    let is_open = !matches!(state, State::Closed);
    match (class, state) {
        (Class::Run, State::Single) => Step { ends: true, adds: true, next: State::Run },
        (Class::Run, _) => Step { ends: false, adds: true, next: State::Run },
        (Class::Single, _) => Step { ends: is_open, adds: true, next: State::Single },
        (Class::Mark, State::Run | State::Single) => Step { ends: false, adds: true, next: state },
        (Class::Apostrophe, State::Run) => {
            Step { ends: false, adds: false, next: State::Apostrophe }
        }
        (Class::Ignorable, _) => Step { ends: false, adds: false, next: state },
        // A mark that follows nothing, or an apostrophe, is ignored; it is the apostrophe's.
        (Class::Mark | Class::Apostrophe | Class::Separator, _) => {
            Step { ends: is_open, adds: false, next: State::Closed }
        }
    }
}
