import adapter from '@sveltejs/adapter-static';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
	plugins: [
		paraglideVitePlugin({
			project: './project.inlang',
			outdir: './src/lib/paraglide',
			strategy: ['localStorage', 'baseLocale'],
			emitTsDeclarations: true
		}),
		sveltekit({
			adapter: adapter({ fallback: 'index.html' }),
			version: { name: '0.1.0', pollInterval: 0 },
			serviceWorker: { register: false }
		})
	],
	// govuk-frontend's `(min-width: 0\0)` is an invalid media query to Lightning CSS.
	css: {
		lightningcss: { errorRecovery: true },
		preprocessorOptions: { scss: { quietDeps: true } }
	},
	build: { chunkSizeWarningLimit: 800 },
	...(mode === 'test' ? { resolve: { conditions: ['browser'] } } : {}),
	test: {
		environment: 'jsdom',
		include: ['src/**/*.test.ts']
	}
}));
