# The production image: no emulator, no tests, no compiler. Configuration comes by the environment, see .env.example.
#   docker build -t steward . && docker run --env-file .env -v steward:/data -p 8080:8080 steward
FROM node:20-slim AS made
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY build.js ./
COPY src src
RUN node build.js && rm -r node_modules/esbuild node_modules/@esbuild

FROM node:20-slim
ENV NODE_ENV=production DATA_DIR=/data
WORKDIR /app
COPY --from=made /app/node_modules node_modules
COPY --from=made /app/dist dist
COPY package.json ./
COPY cards cards
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
CMD ["node", "--enable-source-maps", "dist/main.js"]
