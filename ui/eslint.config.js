import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const theWindowStaysInOneRoom = {
	patterns: [
		{
			group: ['@tauri-apps/*'],
			message: 'Only src/lib/api/ talks to the window: import from #lib/api/index.ts.'
		}
	]
};

export default ts.config(
	{ ignores: ['build/', '.svelte-kit/', 'node_modules/', 'src/lib/paraglide/', 'src/lib/api/bindings.ts'] },
	js.configs.recommended,
	...ts.configs.strict,
	...svelte.configs.recommended,
	{
		languageOptions: { globals: globals.browser },
		rules: {
			'no-undef': 'off',
			'no-restricted-imports': ['error', theWindowStaysInOneRoom],
			'no-console': 'error',
			eqeqeq: 'error',
			'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] } },
		rules: { 'svelte/no-at-html-tags': 'error', 'svelte/no-navigation-without-resolve': 'off' }
	},
	{
		files: ['src/lib/api/*.ts'],
		rules: { 'no-restricted-imports': 'off', 'max-lines': 'off' }
	},
	{
		files: ['*.config.{js,ts}'],
		languageOptions: { globals: globals.node }
	}
);
