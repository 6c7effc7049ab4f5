import type { TextFormat } from "ldapedge";
import { useMemo } from "preact/hooks";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import { labelOf } from "../sources.ts";
import { shownFor } from "../state.ts";
import { text } from "../text.ts";
import { formats } from "./export/formats.ts";
import { Picker } from "./export/Picker.tsx";
import { Preview } from "./export/Preview.tsx";
import { Selection } from "./export/selection.ts";
import type { PageProps } from "./index.tsx";
import "./common/common.css";
import { Switch } from "./common/Switch.tsx";
import { useAnswer } from "./common/useAnswer.ts";
import { usePageParameters } from "./common/usePageParameters.ts";
import "./export/export.css";

const scopes = ["all", "selection"] as const;

/** A schema, or a selection of its definitions, in another format. */
export default function ExportPage({ route, state }: PageProps) {
	const shown = shownFor(state);
	const [parameters, change] = usePageParameters(route);
	const to = formats.find((format) => format === parameters.to?.[0]) ?? formats[0];
	const scope = parameters.of ? "selection" : "all";
	const dependencies = parameters.needed !== undefined;
	const selection = useMemo(() => Selection.read(parameters), [route.parameters]);
	const schema = shown?.schema;
	const selected = scope === "all" || !shown ? undefined : selection.selected(shown.lists);
	const missing = missingFor(to, selected);
	const { value, failure, waiting } = useAnswer(
		schema && !missing
			? async (signal) => {
					const options = { dependencies, signal, ...(selected && { selection: selected }) };
					return { to, converted: await schema.convert(to, options) };
				}
			: undefined,
		[schema, to, dependencies, JSON.stringify(selected), missing],
	);
	if (!shown) return null;
	return (
		<div class="export" aria-busy={waiting}>
			<h1 tabIndex={-1}>{text.export.title}</h1>
			<div class="filters-row">
				<Switch
					label={text.export.scope}
					values={scopes}
					chosen={scope}
					word={(one) => text.export.scopes[one]}
					onChange={(one) => change({ of: one === "all" ? [] : [one] })}
				/>
				<Switch
					label={text.export.format}
					values={formats}
					chosen={to}
					word={(one) => text.export.formats[one].name}
					onChange={(one) => change({ to: [one] })}
				/>
				{scope === "selection" && (
					<label class="check">
						<input
							type="checkbox"
							name="needed"
							checked={dependencies}
							onChange={() => change({ needed: dependencies ? [] : ["yes"] })}
						/>
						{text.export.dependencies}
					</label>
				)}
			</div>
			<p class="muted">{text.export.formats[to].what}</p>
			<div class="sides" data-scope={scope}>
				{scope === "selection" && (
					<Picker shown={shown} selection={selection} onChange={(next) => change(next.written(shown.lists))} />
				)}
				<div>
					{missing && <p class="desc">{missing}</p>}
					{failure && <ErrorPanel failure={failure} />}
					{value && !missing && (
						<Preview source={route.source} name={labelOf(shown.source)} to={value.to} converted={value.converted} />
					)}
					{!value && waiting && <progress aria-label={text.pages.waiting} />}
				</div>
			</div>
		</div>
	);
}

/** What is to be selected before there is anything to write. */
function missingFor(to: TextFormat, selected: { collection: string }[] | undefined): string | undefined {
	const needsClasses = to === "jsonschema";
	if (!selected) return needsClasses ? text.export.selectClasses : undefined;
	if (selected.length === 0) return text.export.selectSome;
	const classes = selected.some(({ collection }) => collection === "objectClasses");
	return (needsClasses || to === "typescript" || to === "plantuml" || to === "mermaid") && !classes
		? text.export.selectClasses
		: undefined;
}
