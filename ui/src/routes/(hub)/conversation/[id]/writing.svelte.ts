// What is being written in one conversation: a draft for each heading, all saved as they are typed.

import { api, problemOf } from '#lib/api/index.ts';
import type { ConversationId, ConversationView, Problem, Tool } from '#lib/api/index.ts';
import { Draft } from '#lib/state/draft.ts';

interface Heading {
	draft: Draft<string>;
	/** What stood on the screen when typing began, and then what was last written: the hub lays the two together. */
	over: string;
	typed: string;
	/** The first mark whose view has in it what was typed. */
	writtenBy: number;
}

/** The view, and the mark at which it was asked for. */
export interface Told {
	view: ConversationView;
	mark: number;
}

export class Writing {
	problem = $state.raw<Problem | undefined>();
	#id: ConversationId;
	#headings: Partial<Record<Tool, Heading>> = {};
	#mark = 0;

	constructor(id: ConversationId) {
		this.#id = id;
	}

	/** The conversation as it stands; what was written before this was asked is in it. */
	async ask(): Promise<Told> {
		const mark = this.#mark;
		return { view: await api.conversation(this.#id), mark };
	}

	/** Someone typed under a heading, on a screen that showed `told`. */
	typed(told: Told, tool: Tool, text: string): void {
		const heading = (this.#headings[tool] ??= this.#begin(tool));
		if (told.mark >= heading.writtenBy) heading.over = this.text(told, tool);
		heading.typed = text;
		heading.writtenBy = Infinity;
		heading.draft.typed(text);
	}

	/** What stands under a heading: what was typed, until a view is known to have it. */
	text({ view, mark }: Told, tool: Tool): string {
		const heading = this.#headings[tool];
		if (heading && mark < heading.writtenBy) return heading.typed;
		return view.texts.find((one) => one.tool === tool)?.text ?? '';
	}

	async left(tool: Tool): Promise<void> {
		await this.#headings[tool]?.draft.flush();
	}

	async writeAll(): Promise<void> {
		await Promise.all(Object.values(this.#headings).map(({ draft }) => draft.flush()));
	}

	#begin(tool: Tool): Heading {
		const draft = new Draft<string>({
			// What it is typed over is asked for when it goes: by then something may have been written.
			keep: (words) => api.keepDraft(this.#id, tool, { over: heading.over, text: words }),
			write: async (words) => {
				await api.write(this.#id, tool, { over: heading.over, text: words });
				this.#mark += 1;
				heading.over = words;
				if (heading.typed === words) heading.writtenBy = this.#mark;
			},
			trouble: (thrown) => (this.problem = thrown === undefined ? undefined : problemOf(thrown))
		});
		const heading: Heading = { draft, over: '', typed: '', writtenBy: -Infinity };
		return heading;
	}
}
