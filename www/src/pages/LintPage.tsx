import { type Check, type Finding, lintChecks, type Schema } from "ldapedge";
import { useMemo } from "preact/hooks";
import { ErrorPanel } from "../components/ErrorPanel.tsx";
import { nameOfSource } from "../sources.ts";
import { shownFor } from "../state.ts";
import { text } from "../text.ts";
import type { PageProps } from "./index.tsx";
import { FindingGroups } from "./lint/FindingGroups.tsx";
import { codeFacet, kindFacet, lintFacets, severityFacet, textOf } from "./lint/findings.ts";
import { FacetFilter } from "./shared/FacetFilter.tsx";
import { choicesOf, passing, toggled } from "./shared/facets.ts";
import { type Output, Outputs } from "./shared/Outputs.tsx";
import "./shared/shared.css";
import { Switch } from "./shared/Switch.tsx";
import { useAnswer } from "./shared/useAnswer.ts";
import { usePageParameters } from "./shared/usePageParameters.ts";
import "./lint/lint.css";

const ways = ["definition", "code"] as const;

/** What is wrong with a schema: filtered, grouped, explained, and to take along. */
export default function LintPage({ route, state }: PageProps) {
	const shown = shownFor(state);
	const schema = shown?.schema;
	const { value, failure } = useAnswer(schema && ((signal) => check(schema, signal)), [schema]);
	const [chosen, change] = usePageParameters(route);
	const findings = value?.findings;
	const found = useMemo(() => passing(findings ?? [], lintFacets, chosen), [findings, chosen]);
	if (failure) return <ErrorPanel failure={failure} />;
	if (!value || !shown) return <Checking />;
	const by = chosen.by?.[0] === "code" ? "code" : "definition";
	const filters = [
		{ facet: severityFacet, label: text.lint.severity, word: (v: string) => text.lint.severities[v as "error"] },
		{ facet: kindFacet, label: text.lint.kind, word: (v: string) => text.collections[v as "objectClasses"].many },
		{ facet: codeFacet, label: text.lint.code, word: (v: string) => v, folded: true },
	];
	return (
		<div class="lint">
			<h1 tabIndex={-1}>{text.lint.title(value.findings.length)}</h1>
			<p class="desc">{value.findings.length > 0 ? text.lint.explain : text.lint.none}</p>
			{value.findings.length > 0 && (
				<>
					<div class="filters-row">
						{filters.map(({ facet, ...filter }) => (
							<FacetFilter
								key={facet.name}
								{...filter}
								choices={choicesOf(value.findings, lintFacets, chosen, facet)}
								onToggle={(choice) => change(toggled(chosen, choice))}
							/>
						))}
						<Switch
							label={text.lint.group}
							values={ways}
							chosen={by}
							word={(way) => text.lint.by[way]}
							onChange={(way) => change({ by: way === "code" ? [way] : [] })}
						/>
					</div>
					<div class="found-row">
						<p role="status">{text.lint.shown(found.length, value.findings.length)}</p>
						<Outputs outputs={outputsOf(found, nameOfSource(route.source))} />
					</div>
					<FindingGroups shown={shown} found={found} by={by} checks={value.checks} />
					{found.length === 0 && <p class="muted">{text.pages.nothing}</p>}
				</>
			)}
		</div>
	);
}

function Checking() {
	return (
		<div class="loading">
			<div role="status">
				<h1 tabIndex={-1}>{text.lint.checking}</h1>
			</div>
			<progress aria-label={text.statuses.loading} />
		</div>
	);
}

async function check(schema: Schema, signal: AbortSignal): Promise<{ findings: Finding[]; checks: Check[] }> {
	const [findings, checks] = await Promise.all([schema.lint({ signal }), lintChecks({ signal })]);
	return { findings, checks };
}

function outputsOf(found: readonly Finding[], name: string): Output[] {
	return [
		{
			label: text.lint.json,
			file: `${name}-lint.json`,
			type: "application/json",
			content: () => `${JSON.stringify(found, null, "\t")}\n`,
		},
		{ label: text.lint.text, file: `${name}-lint.txt`, type: "text/plain", content: () => textOf(found) },
	];
}
