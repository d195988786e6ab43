// Every command of the program: who may ask it, its arguments, its answer, and the one call it is passed on to.
//
// `build.rs` reads the names and windows from here and makes each window's capability of them; `command.rs` makes the
// commands. So a command is named once. `program` commands have to do with the program itself; `view` commands only
// look; `draft` commands keep what is being typed; `act` commands change records, and every screen is told.
commands! {
    main program {
        /// How far this data folder has got, and who is signed in.
        fn start_state() -> Start = |program| program.start();
        /// Makes this folder a laptop of the council that the join file is from.
        fn join(file: String, laptop: String, passphrase: String) -> Start = |program| program.join(&file, laptop, passphrase);
        /// Asks to be taken in, and saves the request into a folder.
        fn ask_to_join(folder: String, passphrase: String) -> Asked = |program| program.ask_to_join(&folder, passphrase);
        /// What this laptop has asked, after the program was closed meanwhile.
        fn asked(passphrase: String) -> Asked = |program| program.asked(passphrase);
        /// Saves the request once more.
        fn save_request(folder: String) -> Asked = |program| program.save_request(&folder);
        /// Asks no more.
        fn stop_asking() -> Start = |program| program.stop_asking();
        /// Makes this folder a laptop of the council that approved.
        fn finish_joining(approval: String, laptop: String) -> Start = |program| program.finish_joining(&approval, &laptop);
        /// Begins to found a council here: the groups of its recovery words, to be written down.
        fn begin_founding(council: String, hub: String, laptop: String, passphrase: String) -> Vec<String> = |program| program.begin_founding((council, hub, laptop), passphrase);
        /// Founds it, once the words were typed again from the paper.
        fn finish_founding(words: String) -> Start = |program| program.finish_founding(words);
        /// Founds none, and forgets the words.
        fn stop_founding() -> () = |program| { program.stop_founding(); Ok(()) };
        /// Brings a council back with its recovery sheet and a folder through which it shared.
        fn recover(words: String, folder: String, laptop: String, hub: String, passphrase: String) -> Start = |program| program.recover(&words, &folder, (laptop, hub), passphrase);
        /// Begins a new recovery sheet: the groups of its words, to be written down.
        fn begin_sheet() -> Vec<String> = |program| program.begin_sheet();
        /// Proposes it to the other administrators, once the words were typed again from the paper.
        fn propose_sheet(words: String, passphrase: String) -> () = |program| program.propose_sheet(words, passphrase);
        /// Proposes none, and forgets the words.
        fn stop_sheet() -> () = |program| { program.stop_sheet(); Ok(()) };
        /// Opens the records with their passphrase.
        fn open(passphrase: String) -> Start = |program| program.open(passphrase);
        /// Somebody at the laptop says that its date is right.
        fn believe_clock() -> Start = |program| program.believe_clock();
        /// Opens the second window, which shows tickets only.
        fn open_board() -> () = |program| program.open_board();
        /// Says that the first screen is drawn, for those who measure how long that takes.
        fn drawn() -> () = |program| { program.drawn(); Ok(()) };
        /// Looks for other laptops in the same hall from now on, or no longer.
        fn set_meets_in_halls(meets: bool) -> () = |program| program.set_meets_in_halls(meets);
        /// Closes it.
        fn close_board() -> () = |program| program.close_board();
    }
    main view {
        fn sign_in_list() -> SignIn = |hub| hub.sign_in_list();
        fn shell() -> Shell = |hub| hub.shell();
        fn queue() -> Queue = |hub| hub.queue();
        fn today() -> Today = |hub| hub.today();
        fn conversation(conversation: ConversationId) -> ConversationView = |hub| hub.conversation(conversation);
        fn people(query: String) -> Vec<PersonRow> = |hub| hub.people(&query);
        fn person(person: PersonId) -> PersonView = |hub| hub.person(person);
        fn who_may_this_be(visit: VisitId) -> Vec<PersonRow> = |hub| hub.who_may_this_be(visit);
        fn questions() -> Vec<Question> = |hub| hub.questions();
        fn directory(query: String) -> Found = |hub| hub.directory(&query);
        fn listing(listing: ListingId) -> ListingView = |hub| hub.listing(listing);
        fn everything(query: String) -> Everything = |hub| hub.everything(&query);
        fn waiting_list(filter: WaitingFilter) -> WaitingList = |hub| hub.waiting_list(filter);
        fn trends(filter: TrendsFilter) -> Trends = |hub| hub.trends(filter);
        fn laptop() -> LaptopView = |hub| hub.laptop();
        fn door_draft() -> Option<CheckIn> = |hub| hub.door_draft();
    }
    main draft {
        fn keep_door_draft(draft: CheckIn) -> () = |hub| hub.keep_door_draft(draft);
        fn keep_draft(conversation: ConversationId, tool: Tool, typed: Typed) -> () = |hub| hub.keep_draft(conversation, tool, typed);
    }
    main act {
        fn sign_in(member: TeamMemberId) -> () = |hub| hub.sign_in(member);
        fn sign_in_as(name: String, role: Role) -> () = |hub| hub.sign_in_as(&name, role);
        fn hand_over() -> () = |hub| hub.hand_over();
        fn lock() -> () = |hub| hub.lock();
        fn unlock(passphrase: String) -> () = |hub| hub.unlock(&Passphrase::new(passphrase));
        fn check_in(check_in: CheckIn) -> CheckedIn = |hub| hub.check_in(check_in);
        fn note_left(visit: VisitId) -> () = |hub| hub.note_left(visit);
        fn note_stepped_outside(visit: VisitId, minutes: u32) -> () = |hub| hub.note_stepped_outside(visit, minutes);
        fn note_back(visit: VisitId) -> () = |hub| hub.note_back(visit);
        fn correct_needs(visit: VisitId, needs: Vec<Need>, interpreter: Option<String>) -> () = |hub| hub.correct_needs(visit, needs, interpreter);
        fn undo_last(visit: VisitId) -> () = |hub| hub.undo_last(visit);
        fn begin_conversation(visit: VisitId, person: Option<PersonId>) -> ConversationId = |hub| hub.begin_conversation(visit, person);
        fn write(conversation: ConversationId, tool: Tool, typed: Typed) -> () = |hub| hub.write(conversation, tool, typed);
        fn agree(conversation: ConversationId, agree: Agree) -> ActionId = |hub| hub.agree(conversation, agree);
        fn agreed_done(conversation: ConversationId, action: ActionId, done: bool) -> () = |hub| hub.agreed_done(conversation, action, done);
        fn strike_agreed(conversation: ConversationId, action: ActionId) -> () = |hub| hub.strike_agreed(conversation, action);
        fn signpost(conversation: ConversationId, listings: Vec<ListingId>) -> Vec<SignpostId> = |hub| hub.signpost(conversation, listings);
        fn take_back_signpost(conversation: ConversationId, signpost: SignpostId) -> () = |hub| hub.take_back_signpost(conversation, signpost);
        fn finish_conversation(conversation: ConversationId) -> () = |hub| hub.finish_conversation(conversation);
        fn reopen_conversation(conversation: ConversationId) -> () = |hub| hub.reopen_conversation(conversation);
        fn change_person(person: PersonId, change: PersonChange) -> () = |hub| hub.change_person(person, change);
        fn correct_person_needs(person: PersonId, needs: Vec<Need>) -> () = |hub| hub.correct_person_needs(person, needs);
        fn erase_person(person: PersonId, passphrase: String) -> u32 = |hub| hub.erase_person(person, &Passphrase::new(passphrase)).map(|erased| erased.documents);
        fn answer_question(person: PersonId, field: QuestionField, value: String) -> () = |hub| hub.answer_question(person, field, value);
        fn add_to_waiting_list(entry: AddToWaitingList) -> EntryId = |hub| hub.add_to_waiting_list(entry);
        fn kept_in_touch(entry: EntryId, next_due: Option<CalendarDate>) -> () = |hub| hub.kept_in_touch(entry, next_due);
        fn reband(entry: EntryId, band: Band) -> () = |hub| hub.reband(entry, band);
        fn close_entry(entry: EntryId, outcome: String) -> () = |hub| hub.close_entry(entry, outcome);
        fn undo_on_entry(entry: EntryId) -> () = |hub| hub.undo_on_entry(entry);
        fn add_team_member(name: String, role: Role) -> TeamMemberId = |hub| hub.add_team_member(&name, role);
        fn set_sync_folder(folder: Option<String>) -> () = |hub| hub.set_sync_folder(folder.map(PathBuf::from));
        fn take_out(laptop: String, passphrase: String) -> () = |hub| hub.take_out(&laptop, &Passphrase::new(passphrase));
        fn retire(laptop: String, passphrase: String) -> () = |hub| hub.retire(&laptop, &Passphrase::new(passphrase));
        fn make_administrator(laptop: String, passphrase: String) -> () = |hub| hub.make_administrator(&laptop, &Passphrase::new(passphrase));
        fn change_role(laptop: String, role: Role, passphrase: String) -> () = |hub| hub.change_role(&laptop, role, &Passphrase::new(passphrase));
        fn set_keeper(laptop: String, keeps: bool, passphrase: String) -> () = |hub| hub.set_keeper(&laptop, keeps, &Passphrase::new(passphrase));
        fn renew_keys(passphrase: String) -> u32 = |hub| hub.renew_keys(&Passphrase::new(passphrase));
        /// A second administrator's word for a new recovery sheet.
        fn agree_to_sheet(id: String, passphrase: String) -> () = |hub| hub.agree_to_sheet(&id, &Passphrase::new(passphrase));
        /// Takes in a laptop that asked, and says where its approval is.
        fn take_in(request: String, code: String, role: Role, hub: Option<HubId>, passphrase: String) -> String = |open| open.answer(&Answer { request: Path::new(&request), code: &code, role, hub }, &Passphrase::new(passphrase)).map(|file| file.display().to_string());
        fn share() -> Exchanged = |hub| hub.share();
    }
    board view {
        /// Tickets, for the room to see.
        fn board() -> Board = |hub| hub.board();
    }
}
