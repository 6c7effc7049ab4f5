import type { Effective, Ref } from "ldapedge";
import type { ComponentChildren } from "preact";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import { Icon } from "../components/Icon.tsx";
import { RefLink } from "../components/RefLink.tsx";
import { shownFor } from "../state.ts";
import { text } from "../text.ts";
import { Outputs } from "./common/Outputs.tsx";
import { Attributes, useSyntaxNames } from "./entry/Attributes.tsx";
import { ClassInput } from "./entry/ClassInput.tsx";
import { templateOf } from "./entry/template.ts";
import type { PageProps } from "./index.tsx";
import "./common/common.css";
import { useAnswer } from "./common/useAnswer.ts";
import { usePageParameters } from "./common/usePageParameters.ts";
import "./entry/entry.css";

/** What an entry of some classes must and may have. */
export default function EntryPage({ route, state }: PageProps) {
	const [parameters, change] = usePageParameters(route);
	const classes = parameters.classes ?? [];
	const schema = shownFor(state)?.schema;
	const { value, failure } = useAnswer(
		schema && classes.length > 0 ? (signal) => schema.effective(classes, { signal }) : undefined,
		[schema, classes.join()],
	);
	if (!schema) return null;
	return (
		<div class="entry">
			<h1 tabIndex={-1}>{text.entry.title}</h1>
			<p class="desc">{text.entry.explain}</p>
			<ClassInput
				schema={schema}
				chosen={classes}
				onChoose={(name) => change({ classes: [...classes.filter((other) => other !== name), name] })}
			/>
			<ul class="chosen" aria-label={text.entry.chosen}>
				{classes.map((name) => (
					<li key={name} data-name={name}>
						{name}
						<button
							type="button"
							class="plain"
							aria-label={text.entry.remove(name)}
							onClick={() => change({ classes: classes.filter((other) => other !== name) })}
						>
							<Icon name="cancel" />
						</button>
					</li>
				))}
			</ul>
			{failure && <ErrorPanel failure={failure} />}
			{value && classes.length > 0 && <Result source={route.source} of={value} />}
		</div>
	);
}

function Result({ source, of }: { source: string; of: Effective }) {
	const { classes, structural, contentRule, must, may, precluded, any, problems } = of;
	const syntaxes = useSyntaxNames([...must, ...may]);
	const template = templateOf(of, syntaxes);
	return (
		<>
			<div role="status">
				{problems.length > 0 && (
					<ul class="entry-problems" aria-label={text.entry.problems}>
						{problems.map(({ code, message }) => (
							<li key={code} data-code={code}>
								<Icon name="warning" /> {text.entry.problem(message)}
							</li>
						))}
					</ul>
				)}
			</div>
			<dl class="fields">
				<Line name={text.entry.structural}>
					{structural ? <RefLink source={source} to={structural} /> : text.definition.none}
				</Line>
				<Line name={text.entry.classes}>
					<Names source={source} of={classes} />
				</Line>
				<Line name={text.entry.rule}>
					{contentRule ? <RefLink source={source} to={contentRule} /> : text.definition.none}
				</Line>
				{precluded.length > 0 && (
					<Line name={text.entry.precluded}>
						<Names source={source} of={precluded} />
					</Line>
				)}
				{any && <Line name={text.entry.any}>{text.entry.anyWhy}</Line>}
			</dl>
			<div class="entry-sides">
				<div>
					<Attributes source={source} id="entry-must" title={text.entry.must} of={must} syntaxes={syntaxes} />
					<Attributes source={source} id="entry-may" title={text.entry.may} of={may} syntaxes={syntaxes} />
				</div>
				<section id="entry-template">
					<h2>{text.entry.template}</h2>
					<Outputs
						outputs={[{ label: text.entry.ldif, file: "entry.ldif", type: "text/plain", content: () => template }]}
					/>
					{/* It scrolls, so it must be reachable with keys. */}
					{/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
					<pre tabIndex={0}>{template}</pre>
				</section>
			</div>
		</>
	);
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
	return (
		<div class="field">
			<dt>{name}</dt>
			<dd>{children}</dd>
		</div>
	);
}

function Names({ source, of }: { source: string; of: readonly Ref[] }) {
	return (
		<ul class="names">
			{of.map((ref) => (
				<li key={`${ref.name} ${ref.ordinal}`}>
					<RefLink source={source} to={ref} />
				</li>
			))}
		</ul>
	);
}
