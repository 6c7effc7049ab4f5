interface SwitchProps<T extends string> {
	label: string;
	values: readonly T[];
	chosen: T;
	/** A value in words. */
	word: (value: T) => string;
	onChange: (value: T) => void;
}

/** One of a few ways. */
export function Switch<T extends string>({ label, values, chosen, word, onChange }: SwitchProps<T>) {
	return (
		<fieldset class="facet switch">
			<legend>{label}</legend>
			{values.map((value) => (
				<button
					key={value}
					type="button"
					class="choice"
					data-value={value}
					aria-pressed={value === chosen}
					onClick={() => onChange(value)}
				>
					{word(value)}
				</button>
			))}
		</fieldset>
	);
}
