# docker build -t brokermark .
# docker run --rm --network host -v "$PWD/results:/work/results" brokermark run --target stomp://broker:61613 -x 10 -y 10

FROM node:20-bookworm-slim AS build
WORKDIR /brokermark
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /brokermark
COPY --from=build /brokermark/package.json ./
COPY --from=build /brokermark/node_modules ./node_modules
COPY --from=build /brokermark/dist/src ./dist/src
COPY workloads ./workloads
COPY results/reference ./results/reference
# Results go to ./results of the working directory: one that the unprivileged user may write, and that outlives the container.
RUN mkdir -p /work/results && chown -R node:node /work
USER node
WORKDIR /work
VOLUME /work/results
ENTRYPOINT ["node", "/brokermark/dist/src/main.js"]
CMD ["--help"]
