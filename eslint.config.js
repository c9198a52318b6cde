import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', 'data'] },
  js.configs.recommended,
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 400 }],
      // Control characters are what these expressions are there to find.
      'no-control-regex': 'off',
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Webex is called by src/webex/client.ts only.' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/lib/clock.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Only lib/clock.ts reads the time: take a Clock.' },
        { object: 'process', property: 'env', message: 'Only main.ts, demo.ts and setup.ts read the environment.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Only lib/clock.ts reads the time: take a Clock.' },
      ],
    },
  },
  {
    files: ['src/main.ts', 'src/demo.ts', 'src/setup.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    // Test code reads loosely typed replies over the wire; the assertions are the check.
    files: ['test/**/*.ts'],
    rules: {
      'max-lines': ['error', { max: 600 }],
      'no-restricted-globals': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['src/emulator/page/**/*.js'],
    languageOptions: {
      sourceType: 'module',
      globals: { document: 'readonly', window: 'readonly', fetch: 'readonly', EventSource: 'readonly', location: 'readonly', localStorage: 'readonly', FormData: 'readonly', URL: 'readonly', URLSearchParams: 'readonly', Blob: 'readonly', setTimeout: 'readonly', clearTimeout: 'readonly', requestAnimationFrame: 'readonly', matchMedia: 'readonly', AdaptiveCards: 'readonly', HTMLElement: 'readonly', console: 'readonly', navigator: 'readonly', Event: 'readonly', MutationObserver: 'readonly', sessionStorage: 'readonly', history: 'readonly', DOMParser: 'readonly', Node: 'readonly', CSS: 'readonly' },
    },
  },
);
