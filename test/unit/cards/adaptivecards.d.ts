declare module 'adaptivecards/dist/adaptivecards.min.js';
